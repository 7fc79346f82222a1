"""Many workspaces: the app is installed by OAuth, and its tokens are kept sealed in the database."""

"""How it looks: Slack listeners, views, delivery and the command line."""

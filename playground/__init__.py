"""A Slack workspace for people who have none: strict about what Slack accepts and does."""

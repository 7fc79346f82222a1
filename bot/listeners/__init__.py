"""One file a feature: its command, form and buttons, and `register(app)`."""

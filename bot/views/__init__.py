"""Domain object to Block Kit: pure functions, no session, client, settings or clock."""

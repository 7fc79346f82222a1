"""The one way out to Slack: claim what is owed, render it as things stand, send it, mark it. A step is a function.

A claim is a lease. Nothing is sent inside a transaction. A send that may have happened without being marked is looked
for in Slack, by the notice id in the message's metadata, before it is sent again.
"""

"""The main job, played through: simulated people use Touchstone in the local Slack for a month.

`cast` says who they are, `gestures` how they use Slack, `programme` what they do in which week, `stage` puts Slack,
bot, database and clock together, `telling` shows what came of it, `keeping` keeps it
for the playground. People see and touch only what Slack shows them.
"""

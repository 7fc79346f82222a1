"""What may happen: one module a noun, its functions the verbs. Knows neither Slack nor the scheduler."""

"""Write into a channel of Slack."""

"""Move an issue in Jira to another status."""

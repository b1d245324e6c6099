"""Comment on an issue in Jira."""

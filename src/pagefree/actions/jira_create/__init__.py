"""Create an issue in Jira."""

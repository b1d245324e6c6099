"""Comment on an issue in Linear."""

"""Create an issue in Linear."""

"""Open an issue on GitHub."""

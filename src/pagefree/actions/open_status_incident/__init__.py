"""Open an incident on a status page."""

"""What must be true at every moment, and who breaks it: read-only checks of the database."""

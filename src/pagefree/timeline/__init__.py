"""The append-only history of everything that happened."""

"""Who did what: entries that are never changed, sealed into a chain."""

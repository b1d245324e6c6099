"""Whom to page in order, and how far each incident has got."""

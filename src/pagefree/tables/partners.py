"""Outsiders with a narrow window: accounts, grants, links, sessions, looks."""

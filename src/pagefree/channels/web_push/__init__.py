"""Notifications of the app itself, through the push service of each browser."""

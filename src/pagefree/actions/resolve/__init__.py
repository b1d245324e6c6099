"""Resolve the incident."""

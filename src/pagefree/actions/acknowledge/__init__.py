"""Acknowledge the incident."""

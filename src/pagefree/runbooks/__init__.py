"""Runbooks: approved remediations, run elsewhere."""

"""Workflows: what events start, step by step."""

"""Workflows: versions, runs and their steps, secrets, subscriptions of machines."""

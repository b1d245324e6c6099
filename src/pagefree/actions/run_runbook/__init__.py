"""Run an approved runbook, and wait until it is over."""

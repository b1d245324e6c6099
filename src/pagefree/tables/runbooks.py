"""Runbooks: versions, approvals, connections and runs."""

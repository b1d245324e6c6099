"""Executors of runbooks, a folder each; found by their names."""

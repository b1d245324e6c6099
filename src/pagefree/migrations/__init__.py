"""Alembic's environment: one linear history, kept in the package so that a wheel can migrate."""

"""Signing in through identity providers (OpenID Connect)."""

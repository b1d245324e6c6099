"""The languages in which pages have words of their own."""

LANGUAGES = ("en", "de", "es", "fr", "pt")

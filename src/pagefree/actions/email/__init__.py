"""Send a mail."""

"""Partners: outsiders who see exactly what was granted."""

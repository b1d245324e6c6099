"""Status pages: components, what is told about incidents, maintenance, subscribers."""

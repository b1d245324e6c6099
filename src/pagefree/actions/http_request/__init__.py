"""Any HTTP request; its answer can be used by later steps."""

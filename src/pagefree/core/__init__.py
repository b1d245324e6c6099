"""The rules of the product: pure functions over frozen dataclasses; no I/O, no clock."""

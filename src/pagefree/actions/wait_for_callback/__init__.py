"""Wait until another system calls back."""

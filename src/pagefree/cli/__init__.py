"""The command line: `pagefree up`, `web`, `worker`, `migrate`, `doctor`, `demo`, `send`."""

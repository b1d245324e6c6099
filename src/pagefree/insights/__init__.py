"""What the numbers say: how quickly people answer, what is noise, and who carries the load."""

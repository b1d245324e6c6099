"""The composition root: wires everything together and decides nothing."""

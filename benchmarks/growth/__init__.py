"""How time and memory grow with length, batch, width, beam and the number of pairs."""

"""Reports made up at random and written in many layouts: what the reader must read back without a fault."""

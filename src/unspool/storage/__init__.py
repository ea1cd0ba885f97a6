"""Writing to the disk so that nothing is lost."""

"""Cheap methods that a network must beat: they learn in seconds, with counts. One file each, with a function `fit`."""

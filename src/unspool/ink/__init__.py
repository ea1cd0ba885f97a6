"""Ink: the way of a pen, read from and written to files, one format a file. Nothing here knows networks."""

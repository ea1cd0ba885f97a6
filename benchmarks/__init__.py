"""Measurements behind design decisions; README.md lists the commands."""

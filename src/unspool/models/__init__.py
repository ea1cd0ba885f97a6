"""The models: one file for each paper, and the registry."""

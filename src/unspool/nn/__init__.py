"""Blocks: what models are built of. They take plain sizes and finished parts, and see no configuration."""

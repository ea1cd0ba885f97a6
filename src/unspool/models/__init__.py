"""One paper, one file, and the registry that names them."""

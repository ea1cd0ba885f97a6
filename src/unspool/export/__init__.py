"""PyTorch to files: a trained model becomes graphs that run without PyTorch, checked against it before they count."""

"""Pictures and pages about a model: attention weights, parts, learning rates."""

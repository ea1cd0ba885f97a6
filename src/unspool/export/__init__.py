"""Export of a trained model to ONNX graphs that run without PyTorch, checked against the model."""

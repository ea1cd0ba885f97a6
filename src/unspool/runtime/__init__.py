"""Exported folders as steppers, with NumPy and ONNX Runtime, without PyTorch."""

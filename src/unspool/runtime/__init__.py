"""Exported folders as steppers: NumPy and ONNX Runtime, never PyTorch."""

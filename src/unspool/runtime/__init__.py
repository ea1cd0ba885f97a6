"""Exported folders as steppers, with NumPy and ONNX Runtime, without PyTorch."""

import os

# ONNX Runtime reports its use to its makers when it is imported, unless this is set. Nobody asked for that here.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

"""Training: one visible loop (`loop.py`), and the parts that it calls."""

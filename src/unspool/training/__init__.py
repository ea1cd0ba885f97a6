"""Training: the loop (`loop.py`), and the parts that it calls."""

"""Kernels: functions of tensors that run the expensive loops of training.

They do not depend on modules or settings. Each has a plain form in PyTorch operations, which defines its result and
against which its values and gradients are tested. `switch.py` decides which of the two runs.
"""

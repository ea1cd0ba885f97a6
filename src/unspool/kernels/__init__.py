"""Kernels: functions of tensors that run the expensive loops of training.

They know no modules and no settings. Each stands beside its plain PyTorch equal, which says what it means and which it
is tested against, in values and in gradients. `switch.py` decides which of the two runs.
"""

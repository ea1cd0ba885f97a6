"""bfloat16 products if the hardware is faster with them; weights and their updates stay in float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch

# The relative difference up to which losses agree; those of a new model differ by about a thousandth.
AGREEMENT = 0.01

Precision = Literal["fp32", "bf16"]


def resolve(wanted: Literal["auto", "fp32", "bf16"], device: torch.device) -> Precision:
    """The precision on this device; resolves `auto`."""
    if wanted != "auto":
        return wanted
    return "bf16" if has_bf16(device) else "fp32"


def has_bf16(device: torch.device) -> bool:
    """Whether matrix products in bfloat16 run in hardware."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return device.type == "cpu" and bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def autocast(precision: Precision, device: torch.device) -> torch.autocast:
    """The context in which losses and updates are computed."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")


def agrees(loss: Callable[[], float], device: torch.device) -> bool:
    """Whether the losses of one batch in bfloat16 and in float32 agree except for rounding."""
    with autocast("bf16", device):
        narrow = loss()
    wide = loss()
    return abs(narrow - wide) <= AGREEMENT * abs(wide)

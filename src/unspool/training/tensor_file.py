"""Safetensors files with a hash of their content: a changed bit is found when the file is loaded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from unspool.errors import Mistake
from unspool.storage.atomic import replace

HASH = "hash"
Tensors = dict[str, Tensor]


def write_tensors(path: Path, tensors: Tensors, header: dict[str, str]) -> None:
    """Write a file atomically; its header gets the hash of everything else."""
    # Shared parts (one network as encoder and decoder) are stored under each of their names.
    stored = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()}
    replace(path, _ordered(save(stored, header | {HASH: hash_of(stored, header)})))


def _ordered(content: bytes) -> bytes:
    """The same file with the entries of its header in order: the library writes them in any order."""
    start, length = 8, int.from_bytes(content[:8], "little")
    described = json.loads(content[start : start + length])
    described["__metadata__"] = dict(sorted(described["__metadata__"].items()))
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
    return content[:start] + text.ljust(length) + content[start + length :]


def read_tensors(path: Path) -> tuple[Tensors, dict[str, str]]:
    """Tensors and header of a file; a missing, truncated or damaged one is a `Mistake`.

    Files of release 0.1.0 have no hash; they are read without this check.
    """
    try:
        with safe_open(path, "pt") as file:
            tensors, header = {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except FileNotFoundError:
        raise Mistake(f"{path} is missing.", "Copy the whole folder again, or train it again.") from None
    except SafetensorError as error:
        raise Mistake(
            f"{path} cannot be read: {error}.", "The file is truncated or not from unspool; copy it again."
        ) from None
    recorded = header.pop(HASH, None)
    if recorded is not None and recorded != hash_of(tensors, header):
        raise Mistake(f"{path} is damaged: its content has changed since it was written.", "Copy the file again.")
    return tensors, header


def hash_of(tensors: Tensors, header: dict[str, str]) -> str:
    """A hash of tensors, their names and types, and a header; 32 hexadecimal digits."""
    # Processors have instructions for SHA-256, so it is three times as fast as BLAKE2 here.
    whole = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        whole.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        whole.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return whole.hexdigest()[:32]

"""Graphs that read other files are refused: a graph from elsewhere could read any file of the person who opens it.

ONNX allows a tensor's data to be in another file, which the tensor names. Our exports never do that. The graph is
looked through as Protocol Buffers encode it (protobuf.dev/programming-guides/encoding), with the numbers of the fields
in onnx.proto, because the base install has no library for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from unspool.errors import Mistake

# Messages inside messages, down to tensors: the number of a field, and the kind of message that it holds.
INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
}
# Fields of a tensor: the place of its data, and whether it is in another file.
EXTERNAL_DATA, DATA_LOCATION = 13, 14
VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5


def refuse_external_data(path: Path, content: bytes) -> None:
    """Raise a `Mistake` if a tensor of this graph names another file, or if the bytes are no graph."""
    try:
        external = _is_external(memoryview(content), "model")
    except (ValueError, IndexError, RecursionError):
        raise Mistake(f"{path} is not a graph.", "It is truncated or not from unspool; export it again.") from None
    if external:
        raise Mistake(f"{path} reads data from other files.", "It is not from unspool; do not use it.")


def _is_external(message: memoryview, kind: str) -> bool:
    for number, value in _fields(message):
        if kind == "tensor":
            if number == EXTERNAL_DATA or (number == DATA_LOCATION and value != 0):
                return True
        elif (inner := INSIDE[kind].get(number)) and isinstance(value, memoryview) and _is_external(value, inner):
            return True
    return False


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Each field's number with its value: a whole number, or bytes."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == LENGTH:
            size, at = _varint(message, at)
        elif wire in (EIGHT_BYTES, FOUR_BYTES):
            size = 8 if wire == EIGHT_BYTES else 4
        else:
            raise ValueError(f"wire type {wire}")
        if at + size > len(message):
            raise ValueError("truncated")
        yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number that starts at a place, seven bits a byte and the lowest first, and the place after it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7

"""Arrays of an .npz file, without trust: what a member claims is checked before memory is taken for it.

The functions of NumPy believe a header's shape, and what they raise is of many kinds. The format: a zip file of .npy
files, each a header and the numbers (NEP 1).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from unspool.data.expansion import check_expansion
from unspool.data.files import open_bytes
from unspool.errors import Mistake
from unspool.types import Array

ENDING = ".npz"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
ENCRYPTED = 1
WHAT_IS = "Write it with numpy.savez(path, values=…, lengths=…, targets=…)."


def read_npz(path: Path, names: Iterable[str]) -> dict[str, Array]:
    """Those of the named arrays that the file holds; whatever is wrong with them is a `Mistake`."""
    with open_bytes(path) as file:
        if not file.seekable():
            file = io.BytesIO(file.read())  # type: ignore[assignment]
        try:
            with zipfile.ZipFile(file) as archive:
                members = {member.filename: member for member in archive.infolist()}
                wanted = {name: members[f"{name}.npy"] for name in names if f"{name}.npy" in members}
                return {name: _array(archive, member, path, name) for name, member in wanted.items()}
        except (
            zipfile.BadZipFile,
            ValueError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            zlib.error,
        ) as error:
            if isinstance(error, Mistake):
                raise
            raise _unreadable(path, file, error) from None


def holds(path: Path, name: str) -> bool:
    """Whether a file holds an array of this name; errors of the file are reported when it is read."""
    try:
        with open_bytes(path) as file, zipfile.ZipFile(file) as archive:
            return f"{name}.npy" in archive.namelist()
    except (Mistake, OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, name: str) -> Array:
    if member.flag_bits & ENCRYPTED:
        raise Mistake(f"{path}: the array '{name}' is encrypted.", WHAT_IS)
    if member.compress_type not in METHODS:
        raise Mistake(f"{path}: the array '{name}' is compressed in an unknown way.", WHAT_IS)
    check_expansion(path, member.file_size, member.compress_size)
    with archive.open(member) as file:
        shape, fortran, dtype = _header(file)
        if dtype.hasobject:
            raise Mistake(f"{path}: the array '{name}' holds Python objects, which are not read.", WHAT_IS)
        count = int(np.prod([int(size) for size in shape], dtype=object)) if shape else 1
        if file.tell() + count * dtype.itemsize != member.file_size:
            what = f"{path}: the array '{name}' claims the shape {shape}, and there are {member.file_size:,} bytes."
            raise Mistake(what, "The file is damaged: write it again.")
        content = file.read(count * dtype.itemsize)
    return np.ndarray(shape, dtype, content, order="F" if fortran else "C")


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(file)
    except Exception as error:  # a header is parsed as Python, whose parser and tokenizer have errors of many kinds
        raise ValueError(f"an array has a broken header ({type(error).__name__})") from None
    if min(shape, default=0) < 0:
        raise ValueError("an array has a negative size")
    return shape, fortran, dtype


def _unreadable(path: Path, file: io.BufferedIOBase, error: Exception) -> Mistake:
    file.seek(0)
    beginning = file.read(6)
    if beginning == npy.MAGIC_PREFIX:
        return Mistake(f"{path} holds one array (.npy), and not several (.npz).", WHAT_IS)
    if not beginning.startswith(b"PK"):
        return Mistake(f"{path} is empty, truncated or not an {ENDING} file.", WHAT_IS)
    return Mistake(f"{path} cannot be read: {str(error)[:200]}.", WHAT_IS)

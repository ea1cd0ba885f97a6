"""What an .npz file may claim, and what is said of one that is wrong."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from unspool.data.arrays import read_arrays
from unspool.errors import Mistake
from unspool.types import Array

GOOD = {"values": np.arange(12.0).reshape(6, 2), "lengths": np.array([2, 4]), "targets": np.array(["up", "down"])}


def npy(array: Array) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def packed(path: Path, values: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A file whose member `values` has these bytes."""
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("values.npy", values)
        for name in ("lengths", "targets"):
            archive.writestr(f"{name}.npy", npy(GOOD[name]))
    return path


def patched(path: Path, offset: int, value: int) -> Path:
    """A file with a number in both of the places where a zip file says something of its first member."""
    content = bytearray(packed(path, npy(GOOD["values"]), zipfile.ZIP_STORED).read_bytes())
    central = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, 4 + offset, value)
    struct.pack_into("<H", content, central + 6 + offset, value)
    path.write_bytes(bytes(content))
    return path


def renamed(path: Path) -> Path:
    path.write_bytes(npy(GOOD["values"]))
    return path


SHAPE = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }"
BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a huge shape": (lambda path: packed(path, header(SHAPE % f"{1 << 60}, {1 << 60}")), "claims the shape"),
    "a shape that wraps": (lambda path: packed(path, header(SHAPE % f"{1 << 62}, 4")), "claims the shape"),
    "a negative shape": (lambda path: packed(path, header(SHAPE % "-1, 2")), "negative"),
    "a shape of no whole numbers": (lambda path: packed(path, header(SHAPE % "1.5, 2")), "broken header"),
    "a header that Python cannot split": (lambda path: packed(path, header(SHAPE % '"""')), "broken header"),
    "a header that is nested": (lambda path: packed(path, header("(" * 9000)), "broken header"),
    "no header": (lambda path: packed(path, b""), "broken header"),
    "fewer numbers": (lambda path: packed(path, npy(GOOD["values"])[:-8]), "claims the shape"),
    "an encrypted member": (lambda path: patched(path, 2, 1), "encrypted"),
    "an unknown method": (lambda path: patched(path, 4, 77), "unknown way"),
    "a bomb": (lambda path: packed(path, npy(np.zeros((1 << 20, 8)))), "expands"),
    "a renamed .npy": (renamed, "one array (.npy)"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_clear_line(kind: str, tmp_path: Path) -> None:
    make, word = BROKEN[kind]
    with pytest.raises(Mistake) as caught:
        read_arrays([make(tmp_path / "a.npz")])
    assert word in caught.value.what and "a.npz" in caught.value.what and len(caught.value.what) < 300


WRONG: dict[str, tuple[dict[str, Array], str]] = {
    "objects": ({"values": np.array([[1.0], [None]], dtype=object)}, "Python objects"),
    "texts": ({"values": np.array([["1", "2"]] * 6)}, "not rows of numbers"),
    "a number alone": ({"values": np.array(3.0)}, "not rows of numbers"),
    "lengths alone": ({"lengths": np.array(2)}, "lengths are not whole numbers"),
    "no features": ({"values": np.zeros((6, 0))}, "rows without a number"),
    "not a number": ({"values": np.where(GOOD["values"] == 7, np.nan, 1.0)}, "row 3 is [1.0, nan], and nan is not"),
    "infinity": ({"values": np.where(GOOD["values"] == 7, np.inf, 1.0)}, "row 3 is [1.0, inf], and inf is not finite"),
    "a huge number": ({"values": GOOD["values"] * 1e300}, "row 0 is [0.0, 1e+300], and 1e+300 is larger than"),
    "lengths that wrap": ({"lengths": np.array([2**63 + 3, 2**63 + 3], dtype=np.uint64)}, "lengths hold 9,223,"),
    "lengths that are too many": ({"lengths": np.array([2, 3])}, "add up to 5"),
    "a target of each row": ({"targets": np.array(["up"] * 6)}, "targets of shape"),
    "targets with a point": ({"targets": np.array([0.5, 1.5])}, "targets are not texts or whole numbers"),
    "targets of half a character": ({"targets": np.array(["\ud800", "a"])}, "not a text"),
    "targets that are no UTF-8": ({"targets": np.array([b"\xff", b"a"])}, "not a text"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_arrays_of_another_kind_are_named(kind: str, tmp_path: Path) -> None:
    changes, word = WRONG[kind]
    np.savez(tmp_path / "a.npz", **{**GOOD, **changes})
    with pytest.raises(Mistake) as caught:
        read_arrays([tmp_path / "a.npz"])
    assert word in caught.value.what and "a.npz" in caught.value.what


@pytest.mark.parametrize("targets", [np.array([True, False]), np.array([b"true", b"false"])])
def test_targets_may_be_true_and_false(targets: Array, tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", **{**GOOD, "values": np.asfortranarray(GOOD["values"]), "targets": targets})
    read = read_arrays([tmp_path / "a.npz"])
    assert read.targets == ["true", "false"]
    np.testing.assert_array_equal(np.concatenate(read.sequences), GOOD["values"])

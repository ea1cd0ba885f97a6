"""The manifest of an exported folder: read as written, and refused when it is not ours."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from unspool.errors import Mistake
from unspool.runtime.manifest import (
    MANIFEST,
    Manifest,
    hash_of,
    holds_an_export,
    is_current,
    read_manifest,
    write_manifest,
)  # fmt: skip

OURS = Manifest(
    unspool="1", opset=18, quantized="int8", identity="i", weights="w", memory=["m"], state=["s"], attention=[],
    done=True, parity={"log_prob": 1e-6},
)  # fmt: skip


def rewritten(folder: Path, **changes: Any) -> None:
    path = folder / MANIFEST
    values = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in values.items() if value != "gone"}))


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert not holds_an_export(tmp_path)
    write_manifest(tmp_path, OURS)
    assert holds_an_export(tmp_path)
    assert read_manifest(tmp_path) == OURS


def test_what_a_later_release_adds_is_passed_over(tmp_path: Path) -> None:
    write_manifest(tmp_path, OURS)
    rewritten(tmp_path, more="of it")
    assert read_manifest(tmp_path) == OURS


@pytest.mark.parametrize(
    "changes", [{"format": 2}, {"format": "gone"}, {"state": "gone"}, {"memory": 3}, {"quantized": "int3"}]
)
def test_what_is_not_ours_is_a_mistake_that_names_the_file(tmp_path: Path, changes: dict[str, Any]) -> None:
    write_manifest(tmp_path, OURS)
    rewritten(tmp_path, **changes)
    with pytest.raises(Mistake, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_a_manifest_cut_short_is_a_mistake(tmp_path: Path) -> None:
    write_manifest(tmp_path, OURS)
    (tmp_path / MANIFEST).write_text((tmp_path / MANIFEST).read_text()[:40])
    with pytest.raises(Mistake, match=r"manifest\.json cannot be read"):
        read_manifest(tmp_path)


def test_an_export_is_current_while_identity_and_weights_are_those_it_was_made_of(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"numbers")
    manifest = OURS.model_copy(update={"weights": hash_of(weights)})
    assert is_current(manifest, weights, "i")
    assert not is_current(manifest, weights, "another")
    weights.write_bytes(b"other numbers")
    assert not is_current(manifest, weights, "i")
    weights.unlink()
    assert not is_current(manifest, weights, "i")


def test_the_hash_of_weights_is_blake2b(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a" * 100_000)
    assert hash_of(path) == hashlib.blake2b(b"a" * 100_000, digest_size=16).hexdigest()

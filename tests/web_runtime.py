"""A stand-in for onnxruntime-web: an archive as npm has it, with small files, and a registry that sends it."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from unspool.export import web_engine

FILES = {
    "ort.wasm.min.mjs": b'export const started = import.meta.url; // import("./other.mjs") is a comment\n',
    "ort-wasm-simd-threaded.mjs": b"export default () => {};\n",
    "ort-wasm-simd-threaded.wasm": b"\0asm" * 100,
}


def archive(files: dict[str, bytes] = FILES) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in {**files, "README.md": b"more"}.items():
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def pin(monkeypatch: pytest.MonkeyPatch, packed: bytes, cache: Path) -> None:
    """Make it the release that is asked for, and give the tests a cache of their own."""
    monkeypatch.setattr(web_engine, "SHA512", base64.b64encode(hashlib.sha512(packed).digest()).decode())
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    monkeypatch.setattr(web_engine, "SHA256", hashes)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

"""onnxruntime-web, which runs graphs in a browser: one pinned release, from the npm registry, a cache or a file.

It is not in our wheel: it is larger than all the rest together. Its archive is checked against the hash below before
anything is read from it, and what is kept in the cache is checked each time.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import os
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from unspool.errors import Mistake
from unspool.storage.atomic import replace
from unspool.storage.cache import cache_folder

# Of the releases that run our graphs, the one with the smallest WebAssembly (decision 31).
VERSION = "1.22.0"
SHA512 = "Ud/+EBo6mhuaQWt/OjaOk0iNWjXqJoeeMFr6xQEERZdIZH2OWpGzuujz7lfuOBjUa6TEE/sc4nb7Da5dNL34fg=="
# The files that a page needs, with their SHA-256.
SHA256 = {
    "ort.wasm.min.mjs": "6ef726f355b791129f7ddf3f62e7877a16b9b777abe87004b8ab306e6b9cf265",
    "ort-wasm-simd-threaded.mjs": "30dd851d9c00622940500f71ddd2ff8820c5cb65270816080175b958705385a8",
    "ort-wasm-simd-threaded.wasm": "71aef04959c5c1b6de461b6538e2058e306610034a85aad2742d0c7fd4533fe4",
}
NPM = "npm_config_registry"  # npm writes its own settings so, in small letters
REGISTRY = "https://registry.npmjs.org"
ARCHIVE = f"onnxruntime-web-{VERSION}.tgz"
# The archive has 20 MB; a server that sends much more is not what it should be.
MOST, PIECE, SECONDS = 100_000_000, 1 << 20, 30

# Called with the bytes of each piece that has arrived, and how many there will be.
OnPiece = Callable[[int, int], object]


def engine_files(archive: Path | None = None, on_piece: OnPiece = lambda arrived, total: None) -> dict[str, bytes]:
    """The files of onnxruntime-web by their names.

    archive: its archive from npm, for machines without a network; default: the cache, else a download
    """
    if archive is not None:
        return _extracted(_read(archive), f"{archive} is not")
    if (kept := _cached()) is not None:
        return kept
    address = f"{_registry()}/onnxruntime-web/-/{ARCHIVE}"
    found = _extracted(_download(address, on_piece), f"{address} has not sent")
    _keep(found)
    return found


def _registry() -> str:
    """The registry that npm uses, or its public one."""
    return (os.environ.get(NPM) or REGISTRY).rstrip("/")


def _cached() -> dict[str, bytes] | None:
    with suppress(OSError, RuntimeError):
        folder = cache_folder() / ARCHIVE.removesuffix(".tgz")
        found = {name: (folder / name).read_bytes() for name in SHA256}
        if _are_intact(found):
            return found
    return None


def _keep(files: dict[str, bytes]) -> None:
    """Put files into the cache; without a folder for it, the next export downloads them again."""
    with suppress(OSError, RuntimeError, Mistake):
        folder = cache_folder() / ARCHIVE.removesuffix(".tgz")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            replace(folder / name, content)


def _read(archive: Path) -> bytes:
    try:
        if archive.stat().st_size > MOST:
            raise Mistake(f"{archive} is not {ARCHIVE}: it is far larger.", _by_hand())
        return archive.read_bytes()
    except OSError as error:
        raise Mistake(f"{archive} cannot be read: {error.strerror}.", _by_hand()) from None


def _download(address: str, on_piece: OnPiece) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise Mistake(f"npm_config_registry is '{_registry()}', which is no address of the web.", _by_hand())
    arrived = bytearray()
    try:
        request = urllib.request.Request(address, headers={"User-Agent": "unspool"})
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            total = int(response.headers.get("Content-Length") or 0)
            while piece := response.read(PIECE):
                arrived += piece
                on_piece(len(arrived), total)
                if len(arrived) > MOST:
                    raise Mistake(f"{address} sends more than {MOST // 10**6} MB.", _by_hand())
            if len(arrived) < total:
                raise OSError("the connection ended too soon")
    except Mistake:
        raise
    except (
        OSError,
        ValueError,
        http.client.HTTPException,
    ) as error:  # no network, no such host, cut off, an address that is none
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        what = f"onnxruntime-web, which runs models in a browser, could not be fetched from {address}: {reason}."
        raise Mistake(what, _by_hand()) from None
    return bytes(arrived)


def _by_hand() -> str:
    return f"Get it elsewhere (npm pack onnxruntime-web@{VERSION}) and give it: --engine {ARCHIVE}"


def _extracted(archive: bytes, who: str) -> dict[str, bytes]:
    """The files of an archive that is the one that is meant; who: the beginning of a sentence, if it is not."""
    if base64.b64encode(hashlib.sha512(archive).digest()).decode() != SHA512:
        raise Mistake(f"{who} the archive of onnxruntime-web {VERSION}: its SHA-512 differs.", _by_hand())
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as packed:
        found = {name: _member(packed, f"package/dist/{name}") for name in SHA256}
    assert _are_intact(found)
    return found


def _member(packed: tarfile.TarFile, name: str) -> bytes:
    file = packed.extractfile(name)
    assert file is not None
    return file.read()


def _are_intact(files: dict[str, bytes]) -> bool:
    return all(hashlib.sha256(content).hexdigest() == SHA256[name] for name, content in files.items())

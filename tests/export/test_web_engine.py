"""onnxruntime-web comes from a registry, a cache or a file, and only as it was pinned."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from unspool.errors import Mistake
from unspool.export import web_engine
from unspool.export.web_engine import ARCHIVE, engine_files
from web_runtime import FILES, archive, pin


class Registry(BaseHTTPRequestHandler):
    asked: list[str]
    sent: bytes
    short = 0

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.sent) + self.short))
        self.end_headers()
        self.wfile.write(self.sent)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Registry]]:
    packed = archive()
    pin(monkeypatch, packed, tmp_path / "cache")
    kind = type("OneRegistry", (Registry,), {"asked": [], "sent": packed})
    server = HTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/npm/")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield kind
    server.shutdown()
    server.server_close()


def test_the_archive_is_downloaded_once_and_only_its_files_are_kept(registry: type[Registry], tmp_path: Path) -> None:
    arrived: list[tuple[int, int]] = []
    assert engine_files(on_piece=lambda *some: arrived.append(some)) == FILES
    assert registry.asked == [f"/npm/onnxruntime-web/-/{ARCHIVE}"]
    assert arrived[-1] == (len(registry.sent), len(registry.sent))
    assert engine_files() == FILES and len(registry.asked) == 1
    kept = tmp_path / "cache" / "unspool" / ARCHIVE.removesuffix(".tgz")
    assert {path.name for path in kept.iterdir()} == set(FILES)


def test_a_changed_file_of_the_cache_is_not_used(registry: type[Registry], tmp_path: Path) -> None:
    engine_files()
    kept = tmp_path / "cache" / "unspool" / ARCHIVE.removesuffix(".tgz") / "ort.wasm.min.mjs"
    kept.write_bytes(b"something else")
    assert engine_files() == FILES and len(registry.asked) == 2


def test_another_archive_is_refused(registry: type[Registry], tmp_path: Path) -> None:
    registry.sent = archive({**FILES, "ort.wasm.min.mjs": b"evil"})
    with pytest.raises(Mistake, match="its SHA-512 differs"):
        engine_files()
    path = tmp_path / ARCHIVE
    path.write_bytes(registry.sent)
    with pytest.raises(Mistake, match=rf"{ARCHIVE} is not the archive"):
        engine_files(path)
    assert not (tmp_path / "cache").exists()


def test_an_archive_may_be_given(registry: type[Registry], tmp_path: Path) -> None:
    path = tmp_path / "some.tgz"
    path.write_bytes(registry.sent)
    assert engine_files(path) == FILES and not registry.asked
    with pytest.raises(Mistake, match="cannot be read: No such file"):
        engine_files(tmp_path / "missing.tgz")
    with pytest.raises(Mistake, match="cannot be read"):
        engine_files(tmp_path)


def test_a_registry_that_does_not_answer(registry: type[Registry], monkeypatch: pytest.MonkeyPatch) -> None:
    registry.short = 10  # the connection ends too soon
    with pytest.raises(Mistake, match="the connection ended too soon"):
        engine_files()
    for address in ("http://127.0.0.1:9/", "http://[", "https:///x"):
        monkeypatch.setenv("npm_config_registry", address)
        with pytest.raises(Mistake, match="could not be fetched") as caught:
            engine_files()
        assert f"--engine {ARCHIVE}" in caught.value.remedy


def test_a_registry_is_an_address_of_the_web(registry: type[Registry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "file:///etc")
    with pytest.raises(Mistake, match="no address of the web"):
        engine_files()


def test_far_too_much_is_refused(registry: type[Registry], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(web_engine, "MOST", 10)
    with pytest.raises(Mistake, match="sends more than"):
        engine_files()
    (tmp_path / "large.tgz").write_bytes(registry.sent)
    with pytest.raises(Mistake, match="far larger"):
        engine_files(tmp_path / "large.tgz")


def test_it_works_without_a_home_folder(registry: type[Registry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_engine, "cache_folder", _no_home)
    assert engine_files() == FILES


def _no_home() -> Path:
    raise RuntimeError("Could not determine home directory.")

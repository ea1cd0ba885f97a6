"""A server that stands in for the Hugging Face Hub.

Models are made, and files are committed to them; files of models and of data sets are listed and downloaded.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

TOKEN, COMMIT = "hf_of_a_test", "0123456789abcdef0123456789abcdef01234567"
# As on the Hub, these are stored by their SHA-256, and other files as Git stores them.
LARGE = (".onnx", ".safetensors", ".gz")


class StandInHub:
    """Files by the name of a model or a data set, and their own.

    token: who writes must have it
    asked: every request's method, path and token
    """

    def __init__(self, token: str) -> None:
        self.models: dict[str, dict[str, bytes]] = {}
        self.data_sets: dict[str, dict[str, bytes]] = {}
        self.private: dict[str, bool] = {}
        self.token, self.asked, self.messages = token, list[tuple[str, str, str]](), list[str]()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                hub.answer(self, "HEAD")

            def do_GET(self) -> None:
                hub.answer(self, "GET")

            def do_POST(self) -> None:
                hub.answer(self, "POST")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, method: str) -> None:
        path = request.path.partition("?")[0]
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((method, path, given))
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if method == "POST":
            status, content = (200, self.post(path, body)) if given == self.token else (401, b"{}")
        else:
            found = self.get(path)
            status, content = (404, b"{}") if found is None else (200, found)
        request.send_response(status)
        if status == 404:
            known = any(f"/{name}/" in path for name in (*self.models, *self.data_sets))
            request.send_header("X-Error-Code", "RevisionNotFound" if known else "RepoNotFound")
        request.send_header("X-Repo-Commit", COMMIT)
        request.send_header("ETag", f'"{sha256(content).hexdigest()}"')
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if method != "HEAD":
            request.wfile.write(content)

    def post(self, path: str, body: bytes) -> bytes:
        if path == "/api/repos/create":
            asked = json.loads(body)
            name = "/".join(part for part in (asked.get("organization"), asked["name"]) if part)
            self.models.setdefault(name, {})
            self.private.setdefault(name, bool(asked.get("private")) or asked.get("visibility") == "private")
            return json.dumps({"url": f"{self.address}/{name}"}).encode()
        if path == "/api/validate-yaml":
            return b'{"errors": [], "warnings": []}'
        name = "/".join(path.split("/")[3:5])
        if "/preupload/" in path:
            files = [{"path": one["path"], "uploadMode": "regular", "shouldIgnore": False}
                     for one in json.loads(body)["files"]]  # fmt: skip
            return json.dumps({"files": files}).encode()
        assert "/commit/" in path, path
        for line in map(json.loads, body.splitlines()):
            if line["key"] == "header":
                self.messages.append(line["value"]["summary"])
            elif line["key"] == "file":
                self.models[name][line["value"]["path"]] = base64.b64decode(line["value"]["content"])
        return json.dumps({"commitUrl": f"{self.address}/{name}/commit/{COMMIT}", "commitOid": COMMIT}).encode()

    def get(self, path: str) -> bytes | None:
        kept = {("models", "/"): self.models, ("datasets", "/datasets/"): self.data_sets}
        found = (_get(files, *places, path) for places, files in kept.items())
        return next((content for content in found if content is not None), None)


def _get(kept: dict[str, dict[str, bytes]], kind: str, begin: str, path: str) -> bytes | None:
    """The list of one's files, or a file; None if neither is there."""
    for name, files in kept.items():
        if path in (f"/api/{kind}/{name}", f"/api/{kind}/{name}/revision/main"):
            siblings = [listed(file, content) for file, content in files.items()]
            return json.dumps({"id": name, "sha": COMMIT, "siblings": siblings}).encode()
        for revision in ("main", COMMIT):
            start = f"{begin}{name}/resolve/{revision}/"
            if path.startswith(start):
                return files.get(path.removeprefix(start))
    return None


def listed(name: str, content: bytes) -> dict[str, Any]:
    """A file as the Hub lists it."""
    blob = sha1(b"blob %d\0" % len(content) + content).hexdigest()
    entry: dict[str, Any] = {"rfilename": name, "blobId": blob, "size": len(content)}
    if name.endswith(LARGE):
        entry["lfs"] = {"sha256": sha256(content).hexdigest(), "size": len(content), "pointerSize": 100}
    return entry


@contextmanager
def standing_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInHub]:
    """In this context, the library of the Hub asks a new server, and keeps what it downloads in this folder."""
    constants = pytest.importorskip("huggingface_hub.constants")
    hub = StandInHub(TOKEN)
    monkeypatch.setattr(constants, "ENDPOINT", hub.address)
    template = hub.address + constants.HUGGINGFACE_CO_URL_TEMPLATE.removeprefix(constants._HF_DEFAULT_ENDPOINT)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(folder / "token"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    yield hub
    hub.close()

"""The files of a page whose models run in the browser: what a static host serves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable

from unspool.export.web_model import MODEL, WebModel
from unspool.export.web_scripts import compact

# A site's files by their paths, with / between folders.
Site = Mapping[str, bytes]

INDEX, LISTED, LICENSE = "index.html", "models.json", "onnxruntime/LICENSE.txt"
# The folders of a site beside the files of the page; `LISTED` is written last, and marks a site of ours.
ENGINE, RUNTIME, MODELS = "engine", "onnxruntime", "models"
PAGE = "page"
# The page begins with another engine than on a server, which it does not ask.
START, ON_SERVER = "start.js", "server_engine.js"


def site_of(models: Sequence[WebModel], runtime: Mapping[str, bytes]) -> Site:
    """All files. runtime: those of onnxruntime-web"""
    web = files("unspool.web")
    site = dict(_inside(web / PAGE)) | {f"{ENGINE}/{path}": content for path, content in _inside(web / ENGINE)}
    site[START] = compact((web / "browser_start.js").read_text(encoding="utf-8")).encode()
    del site[ON_SERVER]
    site |= {f"{RUNTIME}/{name}": content for name, content in runtime.items()}
    site[LICENSE] = (web / "onnxruntime-web.LICENSE.txt").read_bytes()
    for model in models:
        folder = f"{MODELS}/{model.listed['id']}"
        site[f"{folder}/{MODEL}"] = _json(model.model)
        site |= {f"{folder}/{name}": content for name, content in model.files.items()}
    site[LISTED] = _json([model.listed for model in models])
    return site


def _inside(folder: Traversable, before: str = "") -> Iterator[tuple[str, bytes]]:
    """The files of a folder of ours by their paths, in order."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _inside(entry, f"{before}{entry.name}/")
        elif not entry.name.endswith((".py", ".pyc")):
            content = entry.read_bytes()
            is_ours = entry.name.endswith((".js", ".css"))
            yield f"{before}{entry.name}", compact(content.decode()).encode() if is_ours else content


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

"""`export --to web` and `--to single-file`: models that run in the visitor's browser."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from unspool.arguments import path_of
from unspool.errors import Mistake
from unspool.export.onnx import Quantization, export
from unspool.export.single_file import single_file_of
from unspool.export.web_engine import engine_files
from unspool.export.web_model import WebModel, web_model
from unspool.export.web_refusals import refuse_unfit
from unspool.export.web_site import LISTED, MODELS, RUNTIME, Site, site_of
from unspool.folder import JOINT_NGRAM
from unspool.named_models import find_model
from unspool.runtime.manifest import holds_an_export, usable_model
from unspool.storage.atomic import partial_directory, remove, replace
from unspool.storage.previous import refuse_strangers
from unspool.storage.refusals import refusals

# Characters of a model's name, which is a part of addresses.
NOT_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class WebExport:
    """The result of an export for browsers.

    path:    the folder, or the single file
    sizes:   bytes of its parts: the page with its engine, ONNX Runtime, and each model; or of the file
    zipped:  bytes of all files, each compressed as a host sends it
    messages: what a person should know about the models
    """

    path: Path
    sizes: dict[str, int]
    zipped: int
    messages: list[str]


def export_web(
    models: Sequence[str | Path],
    out: str | Path,
    *,
    single_file: bool = False,
    quantize: Quantization | None = None,
    runtime: Mapping[str, bytes] | None = None,
    overwrite: bool = False,
    on_model: Callable[[str], object] = lambda name: None,
) -> WebExport:
    """Write a folder that any static host serves, or one HTML file that opens from a disk.

    models:   trained folders, which are exported and checked first, or exported ones; or NAME=FOLDER
    quantize: int8, for trained folders: a quarter of the size
    runtime:  what `engine_files` returns; default: from the cache, or downloaded
    on_model: called with the name of each model that is ready
    A model that a browser cannot run is a `Mistake`, and so is a place that is taken.
    """
    target = path_of(out, "out")
    named = check_models(models)
    _refuse(target, single_file, overwrite)
    ready = []
    for name, folder in named.items():
        ready.append(_ready(name, folder, quantize))
        on_model(name)
    messages = [message for name, folder in named.items() for message in _left_behind(name, folder)]
    site = site_of(ready, engine_files() if runtime is None else runtime)
    if single_file:
        page = single_file_of(site).encode()
        replace(target, page)
        return WebExport(target, {target.name: len(page)}, len(gzip.compress(page, mtime=0)), messages)
    _publish(site, target)
    zipped = sum(len(gzip.compress(content, mtime=0)) for content in site.values())
    return WebExport(target, _sizes(site), zipped, messages)


def _left_behind(name: str, folder: Path) -> list[str]:
    """What of a model does not go into a browser."""
    if not (usable_model(find_model(folder)) / JOINT_NGRAM).exists():
        return []
    return [f"{name}: the network answers alone there, without the order of its joint n-gram model."]


def check_models(models: Sequence[str | Path]) -> dict[str, Path]:
    """The folders of models by their names on the page; one that a browser cannot run is a `Mistake`."""
    named = _named(models)
    for folder in named.values():
        refuse_unfit(folder)
    return named


def _named(models: Sequence[str | Path]) -> dict[str, Path]:
    """Folders by the names that their models have on the page: NAME of NAME=FOLDER, else the folder's name."""
    if not models:
        raise Mistake("No model was given.", "Give a folder that 'unspool train' wrote, or several.")
    found: dict[str, Path] = {}
    for given in models:
        name, equals, folder = str(given).partition("=")
        path = Path(folder) if equals and not Path(str(given)).exists() else path_of(given, "model")
        name = name if equals and not Path(str(given)).exists() else path.resolve().name
        name = NOT_IN_NAMES.sub("-", name).strip(".-") or "model"
        if name in found:
            raise Mistake(f"Two models are called '{name}'.", "Name them apart: NAME=FOLDER.")
        found[name] = path
    return found


def _ready(name: str, given: Path, quantize: Quantization | None) -> WebModel:
    """A model with its graphs, which are made from the weights of a trained folder."""
    given = find_model(given)
    if holds_an_export(usable_model(given)):
        if quantize:
            raise Mistake(f"{given} is exported already.", "Give the trained folder, or leave --quantize out.")
        return web_model(name, given)
    with tempfile.TemporaryDirectory() as temporary:
        export(given, Path(temporary) / name, quantize=quantize)
        return web_model(name, Path(temporary) / name)


def _refuse(target: Path, single_file: bool, overwrite: bool) -> None:
    if single_file:
        if target.is_dir():
            raise Mistake(f"{target} is a folder, and a file is to be written.", "Give a name: --out page.html")
        if target.exists() and not overwrite:
            raise Mistake(f"{target} is there already.", "Replace it: --overwrite. Or give another --out.")
        return
    if target.exists() and not target.is_dir():
        raise Mistake(f"{target} is a file, and a page needs a folder.", "Give another --out.")
    if (target / LISTED).exists() and not overwrite:
        raise Mistake(f"{target} already holds a page.", "Replace it: --overwrite. Or give another --out.")


def _publish(site: Site, target: Path) -> None:
    """Write a site; files of a person beside ours stay. The list of models comes last: without it there is no page."""
    if not (target / LISTED).exists():
        refuse_strangers(target, sorted({path.split("/")[0] for path in site}))
    with refusals(target):
        target.mkdir(parents=True, exist_ok=True)
        gone = _models_of(target) - _models_of_site(site)
        with partial_directory(target) as temporary:
            for path, content in site.items():
                (temporary / path).parent.mkdir(parents=True, exist_ok=True)
                (temporary / path).write_bytes(content)
            for path in sorted(site, key=lambda path: path == LISTED):
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (temporary / path).replace(target / path)
        for name in gone:
            remove(target / MODELS / name)


def _models_of(target: Path) -> set[str]:
    """The models of a site that was written before."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        listed = json.loads((target / LISTED).read_bytes())
        return {Path(str(model["id"])).name for model in listed}
    return set()


def _models_of_site(site: Site) -> set[str]:
    return {path.split("/")[1] for path in site if path.startswith(f"{MODELS}/")}


def _sizes(site: Site) -> dict[str, int]:
    """Bytes of the parts of a site."""
    sizes = {"page and engine": 0, "onnxruntime": 0}
    for path, content in site.items():
        first, *rest = path.split("/")
        part = {RUNTIME: "onnxruntime", MODELS: f"{MODELS}/{rest[0]}" if rest else ""}.get(first, "page and engine")
        sizes[part] = sizes.get(part, 0) + len(content)
    return sizes

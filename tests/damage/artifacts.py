"""What unspool wrote itself and reads again: run.json, tokenizers, weights, checkpoints, manifests and graphs."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from damage.bytes_of_any_file import ANY_FILE
from damage.subject import Damage, Subject, Use, on_bytes
from damage.tables import MODELS
from unspool.runtime.manifest import hashes_of, read_manifest, write_manifest

# Values of every type, in wrong places.
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 3, 2**31, 2**63, 10**30, 10**400, 1.5, -0.0, 1e308, float("nan"), float("inf"), "", "x", "\0",
    "../../etc/passwd", "\x1b[31m", "\u202e", "\ud800", "가" * 3000, [], [[]], [0] * 999, ["a", "a"], {}, {"": {}},
)  # fmt: skip
DEEP = 1100


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside; of a long list or object only the first few."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in [*inside][:30]:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _inside(change: Callable[[Any, Any, random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    """A change at a random place of JSON; what an earlier damage left unreadable stays as it is."""

    def changed(content: bytes, draw: random.Random) -> bytes:
        try:
            value = json.loads(content)
            *above, key = draw.choice([*_places(value)])
            holder = value
            for step in above:
                holder = holder[step]
            change(holder, key, draw)
        except (ValueError, IndexError, RecursionError):
            return content
        return json.dumps(value).encode("utf-8", "surrogatepass")

    return changed


def _odd(holder: Any, key: Any, draw: random.Random) -> None:
    holder[key] = draw.choice(ODD)


def _gone(holder: Any, key: Any, draw: random.Random) -> None:
    del holder[key]


def _renamed(holder: Any, key: Any, draw: random.Random) -> None:
    if isinstance(holder, dict):
        holder[draw.choice((f"{key}s", "kind", "", "\0"))] = holder.pop(key)


def _again(holder: Any, key: Any, draw: random.Random) -> None:
    if isinstance(holder, list):
        holder.insert(0, holder[key])
    else:
        holder[key] = [holder[key]]


def _number(holder: Any, key: Any, draw: random.Random) -> None:
    if isinstance(holder[key], int | float):
        holder[key] = holder[key] * draw.choice((-1, 2, 1000, 10**12)) + draw.choice((0, 1))


def _deep(content: bytes, draw: random.Random) -> bytes:
    opening, closing = draw.choice((("[", "]"), ('{"kind":"joined","parts":[', "]}"), ('{"a":', "}")))
    inner = content.decode("utf-8", "replace") if draw.random() < 0.5 else "0"
    return (opening * DEEP + inner + closing * DEEP).encode()


JSON = [
    on_bytes("an odd value in it", _inside(_odd)),
    on_bytes("a key or element gone", _inside(_gone)),
    on_bytes("a key renamed", _inside(_renamed)),
    on_bytes("an element repeated", _inside(_again)),
    on_bytes("another number", _inside(_number)),
    on_bytes("nested deep", _deep),
    on_bytes("another value of JSON", lambda content, draw: json.dumps(draw.choice(ODD)).encode()),
]


def _swapped(name: str) -> Damage:
    """The file of the same name in another model's folder."""

    def swap(path: Path, draw: random.Random) -> None:
        others = [*MODELS.glob(f"*/**/{Path(name).name}")]
        shutil.copyfile(draw.choice(sorted(others)), path)

    return Damage("that of another model", swap)


def _laid_out(model: str, form: str, name: str) -> Callable[[Path], Path]:
    """Lays out a folder of an old release; one with a graph is completed with hashes, as exports have them now."""

    def lay_out(folder: Path) -> Path:
        copied = Path(shutil.copytree(MODELS / model / form, folder / form))
        if name.endswith(".onnx"):
            write_manifest(copied, read_manifest(copied).model_copy(update={"hashes": hashes_of(copied)}))
        return copied / name

    return lay_out


def _uses(table: str) -> Callable[[Path], list[Use]]:
    """Whatever reads a trained or exported folder of a model of this table."""

    def uses(path: Path) -> list[Use]:
        folder = path.parent.parent if path.parent.name == "checkpoints" else path.parent
        asked = [
            Use(["describe", folder]),
            Use(["predict", folder, "--max-length", "5"], b"abc\nfade\n"),
            Use(["evaluate", folder, MODELS / table]),
            Use(["score", folder, MODELS / table]),
        ]
        more = [
            Use(["train", "--resume", "--out", folder, MODELS / table, "--set", "training.max_updates=32"]),
            Use(["explain", folder, "abc", "--out", folder.with_name("page.html")]),
        ]
        return asked if folder.name == "exported" else more if folder != path.parent else [*asked, *more]

    return uses


def _subject(model: str, form: str, name: str, table: str = "pairs.tsv") -> Subject:
    damages = [*ANY_FILE, _swapped(name)]
    if name.endswith(".json"):
        damages += JSON * 3
    return Subject(f"{model}/{form}/{name}", _laid_out(model, form, name), _uses(table), damages)


SUBJECTS = [
    _subject("luong", "trained", "run.json"),
    _subject("luong", "exported", "run.json"),
    _subject("luong", "trained", "source.tokenizer.json"),
    _subject("columns", "trained", "source.tokenizer.json", "columns.tsv"),
    _subject("korean", "trained", "target.tokenizer.json", "korean.tsv"),
    _subject("tagger", "exported", "target.tokenizer.json", "tags.tsv"),
    _subject("luong", "exported", "manifest.json"),
    _subject("classifier", "exported", "manifest.json", "labels.tsv"),
    _subject("luong", "exported", "step.onnx"),
    _subject("han", "exported", "encoder.onnx", "labels.tsv"),
    _subject("luong", "trained", "model.safetensors"),
    _subject("muon", "trained", "checkpoints/last.safetensors"),
]

"""The model card, README.md in a model's folder: what it reads and writes, its data, its figures, how to use it.

Its head is the YAML that the Hugging Face Hub reads: licence, tags, and the figures as `model-index`
(https://huggingface.co/docs/hub/model-cards). A card that a person wrote or changed is never replaced: the last line
holds a hash of the text above it, and a text with another hash is not ours any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from unspool import folder as disk
from unspool.config import RunConfig
from unspool.fields.registry import Fields
from unspool.folder import RunMetadata
from unspool.hub_models import CARD
from unspool.metrics.report import METRICS
from unspool.plural import counted
from unspool.runtime.manifest import usable_model
from unspool.storage.atomic import replace
from unspool.tasks import read_fields

LIBRARY = "unspool"
UNKNOWN_LICENCE = "unknown"
# What the Hub calls a task, by the kind of a model's target.
PIPELINES = {"text": "text2text-generation", "label": "text-classification", "tags": "token-classification"}
# Where the Hub knows a metric by another name than ours.
HUB_METRICS = {"macro_f1": "f1"}
# How the line of metrics.jsonl begins that was written at the end of training.
FINAL = '{"kind": "final"'
_SIGNED = "<!-- written by unspool "


class Measurement(NamedTuple):
    """Figures on some data, flat as `evaluate --json` writes them, and the data's name."""

    data: str
    figures: Mapping[str, Any]


def write_card(folder: Path, licence: str | None = None) -> bool:
    """Write the card of a trained or exported folder; False if it has one that a person wrote, which stays as it is.

    licence: default: that of the card which is there
    """
    path = folder / CARD
    before = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    if before and not is_ours(before):
        return False
    here = usable_model(folder)
    config, metadata = disk.read_run(here)
    fields, known = read_fields(here, config), licence or licence_of(before)
    text = card(folder.resolve().name, config, metadata, fields, measurements_of(folder), known)
    replace(path, signed(text).encode("utf-8", "backslashreplace"))
    return True


def measurements_of(folder: Path) -> list[Measurement]:
    """The figures in a trained folder: on validation data at the end of training, and those of a recipe."""
    found: list[Measurement] = []
    if (folder / disk.METRICS).exists():
        lines = (folder / disk.METRICS).read_text(encoding="utf-8", errors="replace").splitlines()
        finals = [line for line in lines if line.startswith(FINAL)]
        with suppress(ValueError, RecursionError):  # a damaged log; the card is written all the same
            found += [Measurement("validation data", json.loads(line)) for line in finals[-1:]]
    if (folder / disk.EVALUATION).exists():
        found.append(Measurement("held-out data", disk.read_json(folder / disk.EVALUATION)))
    return found


def licence_of(text: str) -> str:
    """The licence that a card names in its head."""
    lines = [line for line in text.splitlines() if line.startswith("license: ")]
    return lines[0].removeprefix("license: ").strip("\"' ") if lines else UNKNOWN_LICENCE


def card(
    name: str,
    config: RunConfig,
    metadata: RunMetadata,
    fields: Fields,
    measured: Sequence[Measurement],
    licence: str = UNKNOWN_LICENCE,
) -> str:
    """The text of a card."""
    files = [Path(path).name for path in [*metadata.files["data"], *metadata.files["aligned"]]]
    pairs = counted(metadata.pairs, *fields.target.noun)
    lines = [
        *front_matter(name, fields.target.kind, licence, [config.model.name], measured),
        f"# {name}",
        "",
        f"A model that [unspool](https://pypi.org/project/unspool) trained: `{config.model.name}`.",
        "",
        "| | |",
        "|---|---|",
        f"| reads | {_cell(fields.source.summary)} |",
        f"| writes | {_cell(fields.target.summary)} |",
        f"| trained on | {pairs} from {_cell(', '.join(files))} (fingerprint `{metadata.fingerprint}`) |",
        f"| seed | {config.seed} |",
        f"| made with | unspool {metadata.unspool}, begun {metadata.begun} |",
        *_figures(measured),
        "",
        "## Use",
        "",
        "```bash",
        "unspool predict MODEL < input.txt",
        "```",
        "",
        "MODEL is this folder, or `hub:OWNER/NAME` if it is on the Hub. All settings are in `run.json`.",
        "",
        "## What nobody has written yet",
        "",
        "Where the data come from and who may use them, whom the model is for, and where it fails. Write it here:",
        "unspool does not replace a card that a person has changed.",
    ]
    return "\n".join(lines) + "\n"


def front_matter(
    name: str, target: str, licence: str, tags: Sequence[str], measured: Sequence[Measurement], language: str = ""
) -> Iterator[str]:
    """The YAML between two lines of dashes. target: the kind of the model's target"""
    yield "---"
    yield f"library_name: {LIBRARY}"
    yield f"license: {json.dumps(licence)}"
    if language:
        yield f"language: {json.dumps(language)}"
    pipeline = PIPELINES.get(target)
    if pipeline:
        yield f"pipeline_tag: {pipeline}"
    yield "tags:"
    yield from (f"- {json.dumps(tag)}" for tag in (LIBRARY, "sequence-to-sequence", *tags))
    results = [one for one in measured if shown(one.figures)]
    if results:
        yield "model-index:"
        yield f"- name: {json.dumps(name)}"
        yield "  results:"
    for one in results:
        data = json.dumps(one.data, ensure_ascii=False)
        yield from ("  - task:", f"      type: {pipeline or 'other'}", "    dataset:", f"      name: {data}")
        yield from (f"      type: {data}", "    metrics:")
        for metric, value in shown(one.figures).items():
            yield from (f"    - type: {HUB_METRICS.get(metric, metric)}", f"      value: {value}")
            yield f"      name: {metric.replace('_', ' ')}"
    yield "---"
    yield ""


def shown(figures: Mapping[str, Any]) -> dict[str, float]:
    """The figures of known metrics."""
    return {name: value for name, value in figures.items() if name in METRICS and isinstance(value, int | float)}


def signed(text: str) -> str:
    """The text with its hash in a last line."""
    return f"{text}\n{_SIGNED}{_hash(text)} -->\n"


def is_ours(text: str) -> bool:
    """Whether this is a signed text that nobody has changed."""
    above, mark, line = text.rpartition(f"\n{_SIGNED}")
    return bool(mark) and line == f"{_hash(above)} -->\n"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _figures(measured: Sequence[Measurement]) -> Iterator[str]:
    """A table of the figures, with their intervals where there are some."""
    rows = [row for one in measured for row in _rows(one)]
    if rows:
        yield from ("", "## How good it is", "", "| data | metric | figure | 95 % |", "|---|---|---|---|", *rows)
        yield from ("", "Rates are in percent.")


def _rows(one: Measurement) -> Iterator[str]:
    for name, value in shown(one.figures).items():
        low, high = (one.figures.get(f"{name}_{end}") for end in ("low", "high"))
        between = "" if low is None or high is None else f"{low:.2f} to {high:.2f}"
        yield f"| {_cell(one.data)} | {name.replace('_', ' ')} | {value:.2f} | {between} |"


def _cell(text: str) -> str:
    """As a cell of a table in Markdown, where no HTML comes to life."""
    return text.replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")

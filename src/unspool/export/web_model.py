"""An exported model as a browser reads it: `model.json` beside its graphs, without what a visitor need not know.

run.json is not copied: it names files and folders of the machine that trained.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from unspool import folder as disk
from unspool.export.web_dictionary import web_dictionary
from unspool.fields.copyable_text import CopyableTextField
from unspool.fields.document import DocumentField
from unspool.fields.field import Field
from unspool.fields.text import TextField
from unspool.loading import load_predictor
from unspool.predictor import Predictor
from unspool.runtime.manifest import ENCODER, STEP, usable_model
from unspool.runtime.stepper import OnnxStepper
from unspool.translation.paragraphs import OF_SENTENCES

MODEL = "model.json"
# The settings of decoding that the browser's search knows; see web/engine/settings.js.
DECODING = (
    "beam", "n_best", "length_penalty", "coverage_penalty", "max_length", "sample", "temperature", "top_k", "top_p",
    "no_repeat", "seed",
)  # fmt: skip


class WebModel(NamedTuple):
    """A model for the browser.

    listed: what a list of models says of it
    model:  the content of `model.json`; see web/engine/predictor.js
    files:  the other files by their names
    """

    listed: dict[str, Any]
    model: dict[str, Any]
    files: dict[str, bytes]


def web_model(name: str, given: Path) -> WebModel:
    """The model of an exported folder under a name; it is one that a browser can run, see `web_refusals`."""
    predictor, folder = load_predictor([given], engine="onnx"), usable_model(given)
    stepper, config, task = predictor.stepper, predictor.config, predictor.fields.task
    assert isinstance(stepper, OnnxStepper)
    decoding = config.decoding.model_dump()
    listed = {
        "id": name, "object": "model", "owned_by": "unspool", "architecture": config.model.name, "reads": task.source,
        "writes": task.target, "max_source": predictor.limit,
        "decoding": {key: decoding[key] for key in ("beam", "n_best", "max_length")},
    }  # fmt: skip
    model = {
        **listed,
        "decoding": {key: decoding[key] for key in DECODING},
        "source": _field(predictor.fields.source),
        "target": _field(predictor.fields.target),
        "longest": _longest(predictor),
        "confidence": None if predictor.confidence is None else predictor.confidence.to_json(),
        "lexicon": (given / disk.LEXICON).exists(),
        "dictionary": (folder / disk.DICTIONARY).exists(),
        "manifest": stepper.manifest.model_dump(include={"memory", "state", "attention", "done", "answers"}),
    }
    licenses = sorted(path.name for path in folder.glob("LICENSE*"))
    paths = [*(folder / name for name in (ENCODER, STEP, *licenses)), given / disk.LEXICON]
    files = {path.name: path.read_bytes() for path in paths if path.is_file()}
    dictionary = web_dictionary(folder)
    return WebModel(listed, model, files | ({} if dictionary is None else {disk.DICTIONARY: dictionary}))


def _field(field: Field) -> dict[str, Any]:
    """A field, as web/engine/fields.js reads it."""
    assert isinstance(field, TextField)
    folding = {"lower": field.folding.lower, "normal": field.folding.normal}
    extra: dict[str, Any] = {}
    if isinstance(field, CopyableTextField):
        extra = {"most": field.most}
    if isinstance(field, DocumentField):
        extra = {"longest": field.longest}
    return {"kind": field.kind, "ends": field.ends, "folding": folding, "tokenizer": field.tokenizer.to_json()} | extra


def _longest(predictor: Predictor) -> int:
    """The symbols from which on a source is answered sentence by sentence; 0: never. See `translation.paragraphs`."""
    metadata = predictor.metadata
    of_sentences = OF_SENTENCES in metadata.metrics and predictor.fields.source.kind == "text"
    return (metadata.longest_source or 0) if of_sentences else 0

"""Which model suits the data, where none is named: labels are recognised by their few, repeated values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from unspool.config import DataConfig, validated
from unspool.config.run import model_settings
from unspool.data.columns import parse_columns
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.fields.registry import field_class
from unspool.models.registry import entry_of
from unspool.text.labels import CLASSIFIER, DOCUMENTS, label_counts, model_of_labels

# Texts that are looked at.
LOOKED_AT = 1000
NAMES = {CLASSIFIER: "a classifier", DOCUMENTS: "han, since texts have several words"}
# Labels that a message names.
NAMED = 5


def with_model(values: dict[str, Any], files: Files) -> tuple[dict[str, Any], list[str]]:
    """The values of a run with a model of labels if none is named and the target holds labels; messages about it."""
    model = values.get("model", {})
    given = {"name": model} if isinstance(model, str) else model
    if not isinstance(given, dict) or not _writes_text(given.get("name")):
        return values, []
    config = validated(DataConfig, values.get("data", {}), "data")
    labels = labels_of(files, config)
    if labels is None:
        return values, []
    few = f"The target holds {len(labels)} different values ({_named(labels)})"
    if "name" in given:
        return values, [f"{few}. If they are labels, --model {CLASSIFIER} suits them."]
    fitting = [
        name
        for name in (_suiting(files, config), CLASSIFIER)
        if {*given} <= {*model_settings()[name].model_fields, "size"}
    ]
    if not fitting:
        return values, []
    taken = f"{few}: labels, so the model is {NAMES[fitting[0]]}. For another: --model NAME"
    return values | {"model": given | {"name": fitting[0]}}, [taken]


def labels_of(files: Files, config: DataConfig) -> dict[str, int] | None:
    """How often each label occurs, if the target of the data holds labels."""
    target = parse_columns(config.columns).target if config.columns else None
    asked = {column.tokenizer or config.target_tokenizer for column in target or ()} or {config.target_tokenizer}
    if files.held(Reading.of(config)).real or len(target or ()) > 1 or not asked <= {"auto", "label"}:
        return None
    return label_counts(_targets(files, config))


def _suiting(files: Files, config: DataConfig) -> str:
    """The model that suits the source."""
    pairs, _ = files.open(Reading.of(config))
    return model_of_labels(pair.source for pair in islice(pairs, LOOKED_AT))


def _targets(files: Files, config: DataConfig) -> Iterator[str]:
    pairs, _ = files.open(Reading.of(config))
    return (pair.target[0] for pair in pairs)


def _writes_text(name: str | None) -> bool:
    """Whether a model writes texts of a table, so that labels would be spelled; also if none is named."""
    return name is None or (name in model_settings() and field_class(entry_of(name).task.target).kind == "text")


def _named(labels: dict[str, int]) -> str:
    commonest = sorted(labels, key=labels.__getitem__, reverse=True)
    more = ", …" if len(commonest) > NAMED else ""
    return ", ".join(label[:30] for label in commonest[:NAMED]) + more

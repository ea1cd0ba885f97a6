"""The source and target fields of a model: chosen for the given data, or read from a trained folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspool import folder as disk
from unspool.config import RunConfig
from unspool.data.columns import Column, parse_columns
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.data.sequences import TEXT
from unspool.errors import Mistake
from unspool.fields.field import Field, Side
from unspool.fields.ink import InkField
from unspool.fields.registry import Fields, asked_kind, field_class, read_field
from unspool.models.registry import Entry, entry_of, models
from unspool.types import FIRST_LABEL, SPECIALS, Dimension, Dimensions, Ink, Labels, Sentences, Symbols, Task, Values

# The sizes with which a model's parameters are counted. SYMBOLS is the default size of a subword vocabulary, the
# reserved symbols included.
SYMBOLS, LABELS, FEATURES = 8000, 10, 1


def task_of(config: RunConfig, files: Files) -> Task:
    """The task of the model on these files; a model that does not fit the files is a `Mistake`."""
    name, entry = config.model.name, entry_of(config.model.name)
    columns = parse_columns(config.data.columns) if config.data.columns else None
    asked = (_asked(columns.source), _asked(columns.target or ())) if columns else _asked_ink(config)
    held = files.held(Reading.of(config.data))
    if held.ink and (task := _task_of_ink(entry)):
        return task
    arrays = [held.source != TEXT, held.target != TEXT]
    reads = [kind for kind in entry.reads if kind != InkField.kind]
    source = _own(entry.reads, asked[0]) or _first(reads, arrays[0])
    target = _own(entry.writes, asked[1]) or _first(entry.writes, arrays[1])
    if source is None or target is None or not fits(entry, Task(source, target)):
        raise _misfit(name, entry, *asked, *arrays)
    return Task(source, target)


def fits(entry: Entry, task: Task) -> bool:
    """Whether a model can handle these kinds of field: their dimensions have the types that the network expects."""
    one_text = {field_class(kind).container == "running_text" for kind in task}
    return len(one_text) == 1 and _fits(entry.reads, task.source) and _fits(entry.writes, task.target)


def read_fields(folder: Path, config: RunConfig) -> Fields:
    """The fields of a trained folder; a wrong file is a `Mistake`."""
    entry = entry_of(config.model.name)
    source = _read(disk.field_path(folder, "source"), entry.reads, config, "source")
    target = _read(disk.field_path(folder, "target"), entry.writes, config, "target")
    fields = Fields(source, target)
    return fields.copyable(config.data) if config.model.copies else fields


def _read(path: Path, kinds: Sequence[str], config: RunConfig, side: Side) -> Field:
    value = disk.read_json(path)
    try:
        return read_field(value, kinds, config.data, side)
    except Exception as error:  # a damaged file can fail anywhere while a field is built, and nothing else happens here
        reason = error.what if isinstance(error, Mistake) else f"{type(error).__name__}: {error}."
        raise Mistake(f"{path} is not a tokenizer of unspool: {reason}", "Copy the folder again.") from None


def _asked(columns: Sequence[Column]) -> str | None:
    return asked_kind([column.tokenizer or "auto" for column in columns])


def _asked_ink(config: RunConfig) -> tuple[str | None, str | None]:
    """The sides whose real values are read as ink, because their tokenizer in the settings is called so."""
    asked = (config.data.source_tokenizer, config.data.target_tokenizer)
    source, target = (each if each == InkField.kind else None for each in asked)
    return source, target


def _task_of_ink(entry: Entry) -> Task | None:
    """What a model does with drawings: it writes texts by hand, goes on with a drawing, or reads it."""
    read = [Task(InkField.kind, kind) for kind in entry.writes if field_class(kind).container == "table"]
    tasks = [Task("text", InkField.kind), Task(InkField.kind, InkField.kind), *read]
    return next((task for task in tasks if task.source in entry.reads and task.target in entry.writes), None)


def _own(kinds: Sequence[str], asked: str | None) -> str | None:
    """The model's kind of field for what `--columns` asks: `values` are one for each item where a model aligns them."""
    if asked is None or asked in kinds:
        return asked
    wanted = field_class(asked)
    alike = (field_class(kind) for kind in kinds)
    return next((one.kind for one in alike if issubclass(one, wanted)), asked)


def _first(kinds: Sequence[str], arrays: bool) -> str | None:
    """The default kind of field for data that are arrays, or are not."""
    return next((kind for kind in kinds if (field_class(kind).container == "arrays") == arrays), None)


def _fits(kinds: Sequence[str], kind: str) -> bool:
    known = [(field_class(one).dimension_type, field_class(one).container) for one in kinds]
    return (field_class(kind).dimension_type, field_class(kind).container) in known


def _misfit(
    name: str, entry: Entry, source: str | None, target: str | None, source_arrays: bool, target_arrays: bool
) -> Mistake:
    """An error that tells what does not fit, and which models do. source, target: the requested kinds, if any."""
    held = {True: "real values", False: "text"}
    has = f"{source or held[source_arrays]} as source and {target or held[target_arrays]} as target"
    what = f"The data has {has}, and a {name} reads {' or '.join(entry.reads)} and writes {' or '.join(entry.writes)}."
    others = [
        other
        for other, known in models().items()
        if _fits_raw(known.reads, source, source_arrays) and _fits_raw(known.writes, target, target_arrays)
    ]
    return Mistake(what, f"Models that fit: {', '.join(others) or 'none'}. Choose one with --model.")


def _fits_raw(kinds: Sequence[str], kind: str | None, arrays: bool) -> bool:
    kinds = [each for each in kinds if each != InkField.kind]
    return _fits(kinds, kind) if kind else _first(kinds, arrays) is not None


def example_dimensions(name: str) -> Dimensions:
    """The sizes with which a model's parameters are counted."""
    task = entry_of(name).task
    examples: dict[type[Dimension], Dimension] = {
        Symbols: Symbols(SYMBOLS),
        Sentences: Sentences(SYMBOLS),
        Labels: Labels(FIRST_LABEL + LABELS),
        Values: Values(FEATURES),
        Ink: Ink(),
    }
    return Dimensions(
        examples[field_class(task.source).dimension_type], examples[field_class(task.target).dimension_type]
    )


def sizes_of(dimensions: Dimensions) -> tuple[int, int, int]:
    """`facts.sizes` of run.json: symbols of source and target (for values the reserved ones), and the source's F."""
    source, target = (getattr(side, "count", len(SPECIALS)) for side in dimensions)
    return source, target, getattr(dimensions.source, "features", 0)

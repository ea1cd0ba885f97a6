"""`unspool describe`: a summary of a table, a trained folder or a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspool.cli.folders import is_data
from unspool.cli.model_card import model_card
from unspool.cli.reading import Delimiter, Encoding, Header
from unspool.data.read_once import STDIN
from unspool.errors import Mistake, nearest
from unspool.visible import visible

if TYPE_CHECKING:
    from unspool.data.column_stats import Lengths
    from unspool.data.description import DataDescription, SideDescription


def describe(
    thing: Annotated[
        Path,
        typer.Argument(
            help="A table of pairs, a folder of sequences, a trained or exported folder, or a name of 'unspool models'."
        ),
    ],
    columns: Annotated[
        str | None, typer.Option(help="Columns and tokenizers: 'source=1:chars+2:tags,target=3:chars'.")
    ] = None,
    header: Header = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    valid: Annotated[Path | None, typer.Option(help="Validation data, to count the sources in both.")] = None,
) -> None:
    """Describe a table and suggest settings, or describe a trained folder or a model.

    For a model of 'unspool models': its paper, what it does, its parts and their sizes.
    """
    from unspool.named_models import find_model

    thing = find_model(thing)
    if not thing.exists() and thing != STDIN:
        lines = model_card(_model(thing))
    else:
        given = {"columns": columns, "header": header, "delimiter": delimiter, "encoding": encoding}
        lines = (
            _ink(thing)
            or _sequences(thing, given)
            or (folder_lines(thing) if thing.is_dir() else table_lines(_description(thing, valid, given)))
        )
    for line in lines:
        print(line)


def _ink(path: Path) -> Iterator[str] | None:
    """The summary of ink; None if it is something else."""
    from unspool.cli.described_ink import ink_lines
    from unspool.data.drawings import are_drawings, read
    from unspool.data.ink_description import describe_ink

    if path == STDIN or not are_drawings([path]):
        return None
    return ink_lines(describe_ink(list(read(path))))


def _sequences(path: Path, given: Mapping[str, str | None]) -> Iterator[str] | None:
    """The summary of data with real values; None if it is something else."""
    from unspool.cli.described_sequences import sequence_lines
    from unspool.config import DataConfig
    from unspool.data.arrays import held_in, read_arrays
    from unspool.data.reading import reading_as
    from unspool.data.sequence_description import describe_sequences

    reading = reading_as(DataConfig(), None, given)
    if (path.is_dir() and not is_data(path)) or not held_in(path, reading).real:
        return None
    return sequence_lines(describe_sequences(read_arrays([path], reading)))


def _description(path: Path, valid: Path | None, given: Mapping[str, str | None]) -> DataDescription:
    from unspool.config import DataConfig
    from unspool.data.description import describe as described
    from unspool.data.reading import reading_as
    from unspool.data.tables import Table

    table = Table([path], reading_as(DataConfig(), None, given))
    return described(table, Table([valid], table.reading) if valid else None)


def _model(thing: Path) -> str:
    """The name of a model, since there is no file or folder of that name."""
    from unspool.models.registry import models

    if str(thing) not in models():
        what = f"There is no file, folder or model named {thing}."
        known = nearest(str(thing), models())
        raise Mistake(what, f"Give a table of pairs, a folder that 'unspool train' wrote, or a model. {known}")
    return str(thing)


def table_lines(description: DataDescription) -> Iterator[str]:
    """The summary of a table, line by line."""
    yield _row("rows", f"{description.rows:,}")
    yield _row("distinct sources", f"{description.sources:,}")
    yield _row("with several targets", f"{description.several_targets:,}")
    yield _row("repeated rows", f"{description.duplicates:,}")
    yield _row("source = target", f"{description.identical:,}")
    yield _row("skipped", f"{description.skipped:,}")
    yield from _side_lines("source", description.source)
    yield from _side_lines("target", description.target)
    for setting in description.settings:
        yield _row("suggested", setting)
    for warning in description.warnings:
        yield _row("note", warning)


def folder_lines(folder: Path) -> Iterator[str]:
    """The summary of a trained folder, line by line."""
    from unspool import folder as disk
    from unspool.hub_models import CARD
    from unspool.ngrams.joint_file import read_joint_ngram
    from unspool.plural import counted
    from unspool.runtime.manifest import usable_model
    from unspool.tasks import read_fields

    folder = usable_model(folder)
    config, metadata = disk.read_run(folder)
    fields = read_fields(folder, config)
    yield _row("model", config.model.name)
    yield from (_row(f"  {name}", str(value)) for name, value in config.model if name != "name")
    yield _row("source", fields.source.summary)
    yield _row("target", fields.target.summary)
    pairs = counted(metadata.pairs, *fields.target.noun)
    sources = counted(metadata.validation_sources, *fields.target.validation_noun)
    yield _row("trained on", f"{pairs} from {', '.join(_names(metadata.files))}")
    yield _row("validation", f"{sources}, by {metadata.metric.replace('_', ' ')}")
    yield _row(
        "started", f"{metadata.begun} with unspool {metadata.unspool}, torch {metadata.versions.get('torch', '?')}"
    )
    yield _row("parameters", _parameters(folder))
    if (path := folder / disk.JOINT_NGRAM).exists():
        count = counted(read_joint_ngram(path).model.size, "n-gram", "n-grams")
        yield _row("joint n-grams", f"{count}, which order the answers of a beam")
    if (folder / CARD).exists():
        yield _row("card", str(folder / CARD))


def _parameters(folder: Path) -> str:
    from unspool.folder import WEIGHTS
    from unspool.runtime.manifest import holds_an_export, read_manifest

    if holds_an_export(folder):
        manifest = read_manifest(folder)
        return f"in the graphs of an export, ONNX {manifest.opset}, {manifest.quantized or 'not quantized'}"
    return "saved" if (folder / WEIGHTS).exists() else "none yet: there was no validation"


def _side_lines(side: str, description: SideDescription) -> Iterator[str]:
    from unspool.plural import counted

    yield ""
    for column in description.columns:
        yield _row(f"{side} column {column.column.name}", f"{column.tokenizer}: {column.reason}")
    yield _row("  characters", _lengths(description.characters))
    yield _row("  symbols", _lengths(description.tokens))
    scripts = ", ".join(f"{script} {share:.0%}" for script, share in list(description.scripts.items())[:5])
    alphabet = counted(description.alphabet, "character", "characters")
    yield _row("  alphabet", f"{alphabet}; scripts: {scripts or 'no letters'}")
    yield _row("  most frequent", _counts(description.commonest))
    yield _row("  rarest", _counts(description.rarest))


def _lengths(lengths: Lengths) -> str:
    return f"{lengths.minimum} to {lengths.maximum}, median {lengths.median}, 95 % at most {lengths.most}"


def _counts(counts: list[tuple[str, int]]) -> str:
    return "  ".join(f"{_shown(character)} {count:,}" for character, count in counts)


def _shown(character: str) -> str:
    if character == " ":
        return "␣"
    return visible(character)


def _names(files: dict[str, list[str]]) -> Iterator[str]:
    return (Path(path).name for path in [*files["data"], *files["aligned"]])


def _row(name: str, value: str) -> str:
    return f"{visible(name):<22} {visible(value)}"

"""Models with their evaluations: measured on the same files, compared, and their errors written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from unspool.cli.figures import frequent, groups
from unspool.errors import Mistake
from unspool.screens.console import counting, say, write

if TYPE_CHECKING:
    from unspool.data.corpus import Example
    from unspool.data.inputs import Files
    from unspool.evaluator import Evaluated
    from unspool.metrics.significance import PairedTest
    from unspool.model import Model


class EvaluatedModel(NamedTuple):
    """A model and its evaluation."""

    name: str
    model: Model
    examples: list[Example]
    evaluated: Evaluated


def measure(
    folders: list[Path], device: str, files: Files, given: dict[str, str | None], options: dict[str, Any]
) -> EvaluatedModel:
    """Load a model, or several as an ensemble, and evaluate it.

    given: how the files are read, see `Model.reading`; options: as in `Evaluator.evaluate`
    """
    from unspool.model import load

    trained = load(folders, device)
    read = trained.examples(files, **given)
    name = "+".join(map(str, folders))
    with counting(len(read.examples), f"evaluating {name}") as count:
        evaluated = trained.measure(read.examples, on_done=count, **options)
    for message in [*read.messages, *evaluated.messages()]:
        say(message)
    for message in trained.familiar(files):
        say(message)
    return EvaluatedModel(name, trained, read.examples, evaluated)


def short_names(names: list[str]) -> list[str]:
    """The last parts of the paths if they differ."""
    last = [name.rsplit("/", 1)[-1] for name in names]
    return last if len({*last}) == len(last) else names


def differences(first: EvaluatedModel, other: EvaluatedModel) -> dict[str, PairedTest]:
    """A test for each metric; models that read other examples from the same files are a `Mistake`."""
    from unspool.metrics.report import METRICS
    from unspool.metrics.significance import paired

    if [one.line for one in first.examples] != [one.line for one in other.examples]:
        what = f"{first.name} and {other.name} read different examples from these files."
        raise Mistake(what, "Compare models that were trained with the same columns.")
    one, two = first.evaluated.figures.outcomes, other.evaluated.figures.outcomes
    return {name: paired(METRICS[name], two[name], one[name]) for name in one if name in two}


def write_errors_of(path: Path, measured: EvaluatedModel) -> None:
    """Write each example with its errors, and print the figures of groups and the most frequent edits."""
    from unspool.measured import items_of_evaluated
    from unspool.report.errors import Errors, write_errors
    from unspool.report.groups import by_length, by_tag, confusions

    reads, outcomes = measured.model.fields.source, measured.evaluated.figures.outcomes
    items = items_of_evaluated(measured.evaluated, measured.model.fields, measured.examples)
    found = [("by length", by_length([len(reads.encode(one.source)) for one in measured.examples], outcomes))]
    if tags := by_tag([reads.tags(one.source) for one in measured.examples], outcomes):
        found.append(("by tag", tags))
    edits = confusions(item.edits for item in items)
    write_errors(path, Errors(f"Errors of {measured.name}", items, found, edits))
    for title, of_title in found:
        write("\n".join(groups(title, of_title)))
    if edits:
        write("\n".join(frequent(edits)))
    say(f"Written to {path}.")

"""`unspool explain`: what answers depend on, as a page, a picture or JSON."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from unspool.errors import Mistake
from unspool.screens.console import counting, say, write


class What(StrEnum):
    """What is shown."""

    attention = "attention"
    influence = "influence"
    memory = "memory"
    heads = "heads"
    gates = "gates"
    states = "states"


INSIDE: dict[What, Literal["heads", "gates", "states"]] = {
    What.heads: "heads",
    What.gates: "gates",
    What.states: "states",
}


class By(StrEnum):
    """How influence is found; see `explain.influence`."""

    occlusion = "occlusion"
    gradient = "gradient"
    gradient_input = "gradient_input"
    integrated = "integrated"


def explain(
    model: Annotated[Path, typer.Argument(help="A trained folder.")],
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Texts, one document or source each.")],
    out: Annotated[Path, typer.Option(help="The file to write: .html, .png (only one input) or .json.")],
    what: Annotated[
        What,
        typer.Option(
            help="The attention weights; the influence of each symbol on each symbol of the answer, of any model; how "
            "far back a network remembers; every layer and head of attention; or the gates or states of recurrent "
            "layers over time."
        ),
    ] = What.attention,
    by: Annotated[
        By,
        typer.Option(
            help="Of influence: what is lost without a symbol; the length of its gradient; gradient times input; or "
            "integrated gradients."
        ),
    ] = By.occlusion,
    answer: Annotated[
        str | None, typer.Option(help="Explain this answer; default: the model's own. Not of attention and memory.")
    ] = None,
    instead: Annotated[
        str | None, typer.Option(help="Of influence: why not this answer? At the first symbol that differs.")
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(help="Of memory: another trained folder to compare with; more than one may be given."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Answer each input, and write to a file what the answers depend on."""
    from unspool.explain.files import check_ending

    check_ending(out)
    _check(what, by, {"--answer": answer, "--instead": instead}, beside)
    from unspool.model import load

    trained = load(model, device)
    if what is What.memory:
        from unspool.explain.memory import memory_curve, write_memory

        folders = [model, *(beside or ())]
        with counting(len(folders) * len(inputs), "explaining") as count:
            curves = [
                memory_curve(_name(folder, folders), load(folder, device).predictor, inputs, count)
                for folder in folders
            ]
        messages, texts = write_memory(curves, out, inputs), list[str]()
    elif what is What.influence:
        from unspool.explain.influence_files import explain_answer, write_influence

        with counting(len(inputs), "explaining") as count:
            explained = []
            for one in inputs:
                explained.append(explain_answer(trained.predictor, one, answer, by.value, instead))
                count(1)
        messages, texts = write_influence(explained, out), [one.text for one in explained]
    elif what in INSIDE:
        from unspool.explain.panel_files import look_inside, write_inside

        with counting(len(inputs), "explaining") as count:
            found = []
            for one in inputs:
                found.append(look_inside(trained.predictor, one, INSIDE[what], answer))
                count(1)
        messages, texts = write_inside(found, INSIDE[what], out), [one.text for one in found]
    else:
        from unspool.explain.files import write_explanation

        predictions = trained.predict(inputs, lexicon=False)  # a lexicon has no attention
        messages, texts = write_explanation(predictions, out, trained.predictor), [one.text for one in predictions]
    for message in messages:
        say(message)
    say(f"Written to {out}.")
    for text in texts:
        write(text)


def _check(what: What, by: By, answers: dict[str, str | None], beside: list[Path] | None) -> None:
    """Options of another explanation are a `Mistake`."""
    given = [
        flag for flag, value in answers.items() if value is not None and not (flag == "--answer" and what in INSIDE)
    ]
    given += ["--by"] * (by is not By.occlusion)
    if given and what is not What.influence:
        raise Mistake(f"{' and '.join(given)} belong to the influence of symbols.", "Add: --what influence")
    if beside and what is not What.memory:
        raise Mistake("--beside belongs to the curves of memory.", "Add: --what memory")


def _name(folder: Path, folders: list[Path]) -> str:
    """A folder's last name, or all of it if two have the same."""
    return folder.name if sum(other.name == folder.name for other in folders) == 1 else str(folder)

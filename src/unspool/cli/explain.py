"""`unspool explain`: what answers depend on, as a page, a picture or JSON."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unspool.cli.explanations import ExplanationRequest, What, write_kind
from unspool.screens.console import say, write


class By(StrEnum):
    """How influence is found; see `explain.influence`."""

    occlusion = "occlusion"
    gradient = "gradient"
    gradient_input = "gradient_input"
    integrated = "integrated"


def explain(
    model: Annotated[Path, typer.Argument(help="A trained folder.")],
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Texts, one document or source each; of real values or ink, files."),
    ],
    out: Annotated[Path, typer.Option(help="The file to write: .html, .png (only one input) or .json.")],
    what: Annotated[
        What,
        typer.Option(
            help="The attention weights; every layer and head of attention; gates or states of recurrent layers over "
            "time; the influence of each symbol on each symbol of the answer, of any model; how the answer was "
            "searched; the nearest training examples by the decoder's state; how far back a network remembers; or all "
            "that can be seen of one answer."
        ),
    ] = What.attention,
    by: Annotated[
        By | None,
        typer.Option(
            help="Of influence: what is lost without a symbol (the default); the length of its gradient; gradient "
            "times input; or integrated gradients."
        ),
    ] = None,
    answer: Annotated[
        str | None,
        typer.Option(help="Explain this answer; default: the model's own. Of influence, heads, gates, states."),
    ] = None,
    instead: Annotated[
        str | None, typer.Option(help="Of influence: why not this answer? At the first symbol that differs.")
    ] = None,
    beam: Annotated[
        int | None, typer.Option(help="Of search: hypotheses that are kept in each step; default: 5.", min=1)
    ] = None,
    among: Annotated[
        list[Path] | None,
        typer.Option(help="Of neighbours: the training data, in files like those that the model was trained on."),
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
    flags = {
        "--by": None if by is None else by.value, "--answer": answer, "--instead": instead, "--beam": beam,
        "--among": among or None, "--beside": beside or None,
    }  # fmt: skip
    request = ExplanationRequest(inputs, out, model, device, flags)
    request.check(what)
    from unspool.model import load

    written = write_kind(what, load(model, device), request)
    for message in written.messages:
        say(message)
    say(f"Written to {out}.")
    for text in written.texts:
        write(text)

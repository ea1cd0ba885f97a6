"""`unspool write`: a text by hand, as a picture, an animation, points or a program of a plotter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from unspool.cli.processor import Threads, use_threads
from unspool.errors import Mistake
from unspool.screens.console import counting, say
from unspool.screens.console import write as show


def write(
    model: Annotated[Path, typer.Argument(help="A trained or exported folder that writes ink.")],
    text: Annotated[str, typer.Argument(help="What to write; its own ends of lines stay.")],
    out: Annotated[Path, typer.Option(help="The file to write: .svg, .png, .json or .gcode.")],
    bias: Annotated[float, typer.Option(help="0 draws as the data does; 1 and more are neater.")] = 0.5,
    style: Annotated[
        Path | None, typer.Option(help="Ink with its text, in whose hand to write, as hand.json of 'unspool hand'.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another number gives other ink.")] = 1,
    width: Annotated[int, typer.Option(min=1, help="Characters of a line; longer lines break between words.")] = 40,
    size: Annotated[float, typer.Option(min=0.1, help="Height of a small x in millimetres.")] = 3.0,
    paper: Annotated[
        str | None, typer.Option(metavar="WIDTHxHEIGHT", help="Millimetres. Default: as the ink needs.")
    ] = None,
    animate: Annotated[bool, typer.Option("--animate", help="An .svg that writes before your eyes.")] = False,
    rerank: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL",
            help="Draw every line several times, and keep the ink in which this reader of ink finds its text. "
            "Default: reader/ in the model's folder.",
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Draw every line once, whatever a reader would say.")] = False,
    window: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Also draw which letter is written when, for the first line.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
) -> None:
    """Write a text by hand with a trained model."""
    use_threads(threads)
    from unspool.ink.output import check_output, write_lines
    from unspool.ink.sheet import wrapped
    from unspool.loading import load_predictor
    from unspool.writing import ATTEMPTS, check_writes, letters_of, read_style, write_text

    check_output(out, animated=animate)
    if window and window.suffix.lower() != ".png":
        what = f"The window is drawn as a PNG, and {window} does not end in .png."
        raise Mistake(what, "Example: --window window.png")
    sheet = paper_of(paper, size)
    predictor = load_predictor([model], device)
    check_writes(predictor)
    reader = _reader(model, rerank, once, device)
    decoding: dict[str, Any] = {"bias": bias, "seed": seed, "reader": reader}
    hand = read_style(style, letters_of(predictor)) if style else None
    lines = sum(bool(line.strip()) for line in wrapped(text, width))
    with counting(lines * (ATTEMPTS if reader else 1), "lines") as count:
        written = write_text(predictor, text, characters=width, style=hand, on_done=count, **decoding)
    for message in written.messages:
        say(message)
    write_lines(out, written.lines, sheet, animated=animate)
    show(str(out))
    if window:
        _draw_window(written.windows[0], window)


def paper_of(asked: str | None, size: float) -> Any:
    """The paper with letters of this size: as large as is asked for, or as the ink needs."""
    from unspool.ink.sheet import Paper

    plain = Paper(x_height=size, line_height=4 * size, margin=4 * size, pen=0.13 * size)
    if asked is None:
        return plain
    width, _, height = asked.lower().partition("x")
    try:
        sides = float(width), float(height)
    except ValueError:
        sides = 0.0, 0.0
    if not all(0 < side < 10_000 for side in sides):
        raise Mistake(f"'{asked}' is no size of a paper.", "Give millimetres: --paper 210x297")
    return Paper(plain.x_height, plain.line_height, plain.margin, *sides, pen=plain.pen)


def _reader(model: Path, asked: Path | None, once: bool, device: str) -> Any:
    """The predictor that judges the lines: the one that is named, or the one beside the writer."""
    from unspool.folder import READER
    from unspool.loading import load_predictor
    from unspool.runtime.manifest import companion

    if once and asked is not None:
        raise Mistake("--once draws every line once, and --rerank chooses among several.", "Leave out one of them.")
    folder = None if once else asked or companion(model, READER)
    return None if folder is None else load_predictor([folder], device)


def _draw_window(window: Any, path: Path) -> None:
    from unspool.explain.window import window_picture

    for message in window_picture(window.letters, window.weights, window.points, path):
        say(message)
    show(str(path))

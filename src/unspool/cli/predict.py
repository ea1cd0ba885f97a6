"""`unspool predict`: a Unix filter that answers each line as soon as it arrives, in order."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unspool.cli.console import counting, say
from unspool.cli.folders import MODELS_AND_FILES, models_and_files
from unspool.errors import Mistake

if TYPE_CHECKING:
    from unspool.answers import Notes, Prediction
    from unspool.model import Model
    from unspool.types import Array


def predict(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar=MODELS_AND_FILES,
            help="Trained or exported folders, then files of lines to answer; '-' or no file: stdin. Every folder is a "
            "model.",
        ),
    ],
    beam: Annotated[int | None, typer.Option(help="Hypotheses kept; 1 is greedy.")] = None,
    n_best: Annotated[int | None, typer.Option(help="Answers for each line.")] = None,
    max_length: Annotated[int | None, typer.Option(help="Symbols written at most.")] = None,
    length_penalty: Annotated[float | None, typer.Option(help="Alpha; 0 prefers short answers.")] = None,
    coverage_penalty: Annotated[
        float | None, typer.Option(help="Beta; above 0 a beam prefers answers that left nothing of the source out.")
    ] = None,
    sample: Annotated[
        bool | None, typer.Option("--sample/--no-sample", help="Draw answers, --n-best of each line.")
    ] = None,
    temperature: Annotated[float | None, typer.Option(help="Of sampling; below 1 stays closer to the likely.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Sample among so many likeliest symbols.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Sample among the likeliest that reach this probability.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the draws. Default: 1.")] = None,
    prompt: Annotated[
        str | None, typer.Option(help="Of a model of running text: a beginning, printed with how it goes on.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="What every answer begins with; scores include it.")] = "",
    replace_unknown: Annotated[
        str | None,
        typer.Option(
            metavar="source|DICTIONARY",
            help="Where an unknown word is written, copy the source word that attention points to, or translate it by "
            "a file of lines: source word, tab, target word.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with scores and attention.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where real values are written: the .npz file for them, instead of text.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    verbose: Annotated[bool, typer.Option(help="Say what answers, and why.")] = False,
) -> None:
    """Answer each line of the input; an empty line gives an empty line.

    With --n-best K above 1 and without --json, a line's K answers stand on one line with tabs between them.

    Several models answer as one, an ensemble: at every step the mean of their probabilities.
    """
    from unspool.cli.lines import chunks
    from unspool.data.arrays import write_arrays
    from unspool.model import load

    folders, files = models_and_files(paths)
    trained = load(folders, device)
    if verbose:
        say(trained.engine)
    decoding: dict[str, Any] = {
        "beam": beam, "n_best": n_best, "max_length": max_length, "length_penalty": length_penalty, "sample": sample,
        "temperature": temperature, "top_k": top_k, "top_p": top_p, "seed": seed, "prefix": prefix,
        "replace_unknown": replace_unknown, "coverage_penalty": coverage_penalty,
    }  # fmt: skip
    if out is not None and trained.fields.target.container != "arrays":
        raise Mistake(
            f"--out is for real values, and a {trained.config.model.name} of this kind writes text.", "Leave it out."
        )
    if prompt is not None:
        _continue(trained, prompt, files, decoding, as_json)
        return
    trained.predict([], **decoding)  # wrong settings are an error before the first line is read
    notes: list[Notes] = []
    written: list[Array] = []
    with counting(None, "answering") if not sys.stdout.isatty() else nullcontext() as count:
        for lines in chunks(files, trained.columns):
            for prediction in trained.predict(lines, on_done=count, start=len(notes), **decoding):
                notes.append(prediction.notes)
                if out is None:
                    print(_json(prediction) if as_json else _text(prediction))
                else:
                    written += [answer.values for answer in prediction.hypotheses if answer.values is not None]
            sys.stdout.flush()
    if out is not None:
        write_arrays(out, written)
        say(f"Written to {out}.")
    _say_notes(trained, notes)


def _continue(trained: Model, prompt: str, files: list[Path], decoding: dict[str, Any], as_json: bool) -> None:
    """Print the prompt with each of its continuations, line breaks included, with a blank line between two."""
    if trained.fields.task.source != "running_text":
        what = f"A prompt is continued by a model of running text, and this is a {trained.config.model.name}."
        raise Mistake(what, "Give it lines to answer, in a file or on standard input.")
    if files:
        raise Mistake("--prompt and files exclude each other.", "Give one or the other.")
    (prediction,) = trained.predict([prompt], **decoding)
    texts = [prompt + answer.text for answer in prediction.hypotheses]
    print(_json(prediction) if as_json else "\n\n".join(texts))
    _say_notes(trained, [prediction.notes])


def _say_notes(trained: Model, notes: list[Notes]) -> None:
    from unspool.answers import messages_of

    for message in messages_of(notes, trained.config.data.max_source):
        say(message)


def _text(prediction: Prediction) -> str:
    answers = [_one_line(answer.text) for answer in prediction.hypotheses]
    return answers[0] if len(answers) == 1 else "\t".join(answer.replace("\t", " ") for answer in answers)


def _json(prediction: Prediction) -> str:
    return json.dumps(prediction.to_json(), ensure_ascii=False)


def _one_line(text: str) -> str:
    """The text on one line: a model of bytes may write a line break, but a filter writes one line for each answer."""
    return text.replace("\r", " ").replace("\n", " ")

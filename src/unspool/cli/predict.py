"""`unspool predict`: a Unix filter that answers each line as soon as it arrives, in order."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unspool.cli.folders import MODELS_AND_FILES, models_and_files
from unspool.cli.processor import Threads, use_threads
from unspool.cli.reading import Columns, Delimiter, Encoding, Header
from unspool.screens.console import counting, say, write

if TYPE_CHECKING:
    from unspool.answers.answer import Notes, Prediction
    from unspool.answers.permitted import Permitted
    from unspool.model import Model
    from unspool.types import Array


def predict(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar=MODELS_AND_FILES,
            help="Trained or exported folders, then files of lines to answer; '-' or no file: stdin. Several models "
            "form an ensemble.",
        ),
    ],
    columns: Columns = None,
    header: Header = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    beam: Annotated[int | None, typer.Option(help="Beam width; 1 is greedy search.")] = None,
    n_best: Annotated[int | None, typer.Option(help="Number of answers for each line.")] = None,
    max_length: Annotated[int | None, typer.Option(help="Maximum number of symbols in an answer.")] = None,
    length_penalty: Annotated[
        float | None, typer.Option(help="Alpha of the length penalty; 0 prefers short answers.")
    ] = None,
    coverage_penalty: Annotated[
        float | None,
        typer.Option(help="Beta of the coverage penalty; above 0, a beam prefers answers that cover the whole source."),
    ] = None,
    joint_weight: Annotated[
        float | None,
        typer.Option(help="Weight of the joint n-gram model, if there is one, in the order of a beam's answers."),
    ] = None,
    sample: Annotated[
        bool | None, typer.Option("--sample/--no-sample", help="Draw random answers, --n-best for each line.")
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Sampling temperature; below 1 favours likely symbols.")
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Sample from this number of most probable symbols.")] = None,
    top_p: Annotated[
        float | None, typer.Option(help="Sample from the most probable symbols that together reach this probability.")
    ] = None,
    bias: Annotated[
        float | None, typer.Option(help="Of sampled ink or real values; above 0 it is neater and less varied.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Random seed of sampling. Default: 1.")] = None,
    prompt: Annotated[
        str | None,
        typer.Option(help="For a model of running text: a beginning, which is printed with its continuation."),
    ] = None,
    prompt_file: Annotated[
        Path | None, typer.Option(help="The same, in a file of UTF-8 text, which may have several lines.")
    ] = None,
    prefix: Annotated[
        str, typer.Option(help="Text that every answer begins with, its last character complete; scores include it.")
    ] = "",
    allow: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The only answers that may be given: a file with one on each line."),
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(metavar="REGEX", help="A regular expression that the whole text of every answer matches."),
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(help="Leave out answers whose calibrated probability of being right is below this, such as 0.9."),
    ] = None,
    rerank: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL", help="Order the answers anew with this model from answers to sources: fewer that suit all."
        ),
    ] = None,
    rerank_weight: Annotated[float | None, typer.Option(help="Of what that model says. Default: 0.5.")] = None,
    no_repeat: Annotated[
        int | None, typer.Option(help="No answer repeats a run of so many symbols; 0: it may. Default: 0.")
    ] = None,
    replace_unknown: Annotated[
        str | None,
        typer.Option(
            metavar="source|DICTIONARY",
            help="Replace unknown words in answers by the source word with the largest attention weight, or by its "
            "translation in a file of lines: source word, tab, target word.",
        ),
    ] = None,
    lexicon: Annotated[
        bool, typer.Option("--lexicon/--no-lexicon", help="Whether the folder's lexicon.tsv goes before the model.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with scores and attention.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="For a model of real values: the .npz file to write, instead of text; or a folder, for a .csv or .wav "
            "of each answer."
        ),
    ] = None,
    document: Annotated[
        bool,
        typer.Option(
            "--document",
            help="Files are whole texts, not lists of lines: sentences are answered, layout and placeholders stay. "
            "For models of sentences, .md, .srt and .po files always are.",
        ),
    ] = False,
    stream: Annotated[
        bool, typer.Option("--stream", help="All lines are the steps of one endless source: a line in, a line out.")
    ] = False,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
    verbose: Annotated[bool, typer.Option(help="Print which engine is used, and why.")] = False,
) -> None:
    """Answer each line of the input; an empty line gives an empty line.

    With --n-best above 1 and without --json, all answers to a line are printed on one line, separated by tabs.

    Several models form an ensemble: at every step their probabilities are averaged.
    """
    use_threads(threads)
    from unspool.cli.answer_files import check_out, write_answers
    from unspool.cli.documents import answer_documents, are_documents
    from unspool.cli.lines import chunks
    from unspool.cli.prompting import continued
    from unspool.cli.reranker import reranker_of
    from unspool.cli.streaming import stream_answers
    from unspool.data.dictionary import dictionary_of
    from unspool.model import load

    folders, files = models_and_files(paths)
    trained = load(folders, device)
    if verbose:
        say(trained.engine)
    decoding: dict[str, Any] = {
        "beam": beam, "n_best": n_best, "max_length": max_length, "length_penalty": length_penalty, "sample": sample,
        "temperature": temperature, "top_k": top_k, "top_p": top_p, "bias": bias, "seed": seed, "prefix": prefix,
        "replace_unknown": dictionary_of(replace_unknown), "coverage_penalty": coverage_penalty, "at_least": at_least,
        "no_repeat": no_repeat, "lexicon": lexicon, "joint_weight": joint_weight,
    }  # fmt: skip
    if stream:
        beside = {"--json": as_json, "--out": out, "--sample": sample, "--prompt": prompt, "--prompt-file": prompt_file}
        stream_answers(trained, files, [flag for flag, given in beside.items() if given])
        return
    if out is not None:
        check_out(out, trained, files, as_json=as_json)
    if prompt is not None or prompt_file is not None:
        text, prediction = continued(trained, prompt, prompt_file, files, decoding)
        write(_json(prediction) if as_json else text)
        _say_notes(trained, [prediction.notes])
        return
    if are_documents(trained, files, asked=document):
        whole = {"--json": as_json, "--n-best": n_best, "--columns": columns, "--allow": allow, "--pattern": pattern,
                 "--prefix": prefix, "--rerank": rerank, "--header": header, "--delimiter": delimiter}  # fmt: skip
        refused = [flag for flag, value in whole.items() if value]
        _say_notes(trained, answer_documents(trained, files, encoding, decoding, refused))
        return
    given = {"columns": columns, "header": header, "delimiter": delimiter, "encoding": encoding}
    of_files, of_stdin = trained.reading(given), trained.reading(given, typed=True)
    if allow is not None or pattern is not None:
        decoding["allow"] = _permitted(trained, allow, pattern, max_length)
    decoding["rerank"] = reranker_of(rerank, rerank_weight, device)
    trained.predict([], **decoding)  # wrong settings are an error before the first line is read
    notes: list[Notes] = []
    written: list[Array] = []
    with counting(None, "answering") if not sys.stdout.isatty() else nullcontext() as count:
        for lines in chunks(files, of_files, of_stdin):
            for prediction in trained.predict(lines, on_done=count, start=len(notes), **decoding):
                notes.append(prediction.notes)
                if out is None:
                    write(_json(prediction) if as_json else _text(prediction))
                else:
                    written += [answer.values for answer in prediction.hypotheses if answer.values is not None]
            sys.stdout.flush()
    if out is not None:
        write_answers(out, written, trained.fields.target)
        say(f"Written to {out}.")
    _say_notes(trained, notes)


def _permitted(trained: Model, allow: Path | None, pattern: str | None, max_length: int | None) -> Permitted | None:
    """Permitted answers, after a message about those that the model cannot give."""
    permitted = trained.permitted(allow, pattern)
    for message in permitted.messages(trained.longest_answer(max_length)) if permitted else ():
        say(message)
    return permitted


def _say_notes(trained: Model, notes: list[Notes]) -> None:
    from unspool.answers.answer import messages_of

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

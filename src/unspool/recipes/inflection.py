"""Inflection: a lemma and its tags to the form, for English or from a table of any language.

English is the table that comes with lemminflect, 40,000 lemmas with their plurals, tenses and degrees. A language's
table has lemma, tags and form in three columns, as SIGMORPHON and UniMorph have it. Lemmas are held out whole, so no
form of a tested lemma is known. The figure stands beside that of rules of endings, which need no network.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.data.columns import parse_columns, proposal
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.errors import MissingExtra, Mistake
from unspool.explain.attention import heat_map
from unspool.measured import Measured
from unspool.model import Model
from unspool.recipes.beside import Verdict, figure_lines, known_pairs, stand_beside
from unspool.recipes.held_out import HeldOut, HeldOutShare, KeyedLine, tables_in, write_tables
from unspool.recipes.program import program
from unspool.recipes.training import Screen, evaluate, resume, train
from unspool.rivals import suffix_rules
from unspool.storage.atomic import replace

MINUTES = 5.0
HELD = HeldOut(HeldOutShare(0.1, 2000), HeldOutShare(0.05, 1000), ("lemma", "lemmas"))
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"name": "luong"},
    "data": {"columns": "source=1:chars+2:tags,target=3:chars"},
    "training": {},
}
METRICS = ("exact_match", "symbol_error_rate")
# The tags of each of lemminflect's columns, as UniMorph writes them, by the part of speech.
ENGLISH = {
    "noun": ("N;PL",),
    "adj": ("ADJ;CMPR", "ADJ;SPRL"),
    "adv": ("ADV;CMPR", "ADV;SPRL"),
    "verb": ("V;PST", "V;V.PTCP;PST", "V;V.PTCP;PRS", "V;PRS;3;SG"),
}
# Forms that are shown, and rows that are looked at to find the column of tags.
COUNT, LOOKED_AT = 10, 1000


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume, evaluate, and return the text to show. data: a table of lemma, tags and form."""
    tables = tables_in(out / "data", ".tsv")
    what = "lemminflect's English table" if data is None else str(data)
    files = write_tables(tables, lambda: list(english() if data is None else forms_of(data)), HELD, what, screen.say)
    if disk.holds_a_run(out):
        model = resume(out, files, minutes, screen)
    else:
        model = train(out, files, SETTINGS, MINUTES if minutes is None else minutes, screen)
    screen.say("Evaluating on lemmas that training never saw …")
    figures = evaluate(model, tables["test"], out, screen, beam=5, lexicon=False)
    text = show(model, figures, beside_rules(model, figures, out, screen), out, screen.say)
    replace(out / disk.SUMMARY, text.encode())
    return text


def english() -> Iterator[KeyedLine]:
    """The forms of lemminflect's table; a form with several spellings is several rows."""
    found = importlib.util.find_spec("lemminflect")
    if found is None or found.origin is None:
        raise MissingExtra("The inflection recipe", "recipes")
    # The table alone is read. Importing the package would load its own models, from pickles.
    table = Path(found.origin).parent / "resources" / "infl_lu.csv.gz"
    for line in gzip.decompress(table.read_bytes()).decode().splitlines():
        lemma, part, *columns = line.split(",")
        for tags, spellings in zip(ENGLISH.get(part, ()), _completed(lemma, part, columns), strict=False):
            yield from (KeyedLine(lemma, f"{lemma}\t{tags}\t{form}") for form in spellings.split("/") if form)


def _completed(lemma: str, part: str, columns: Sequence[str]) -> list[str]:
    """The columns of a row with the participles that the table leaves to a rule, and without plurals that are none.

    The plural of a noun that has none is listed as the noun itself: sadism, but sheep, too.
    """
    if part == "verb" and len(columns) > 1 and not columns[1]:
        return [columns[0], columns[0], *columns[2:]]
    if part == "noun":
        return ["/".join(form for form in column.split("/") if form != lemma) for column in columns]
    return list(columns)


def forms_of(data: Path) -> Iterator[KeyedLine]:
    """The rows of a table of three columns, whichever of them holds the tags."""
    settled = Reading(columns=parse_columns("source=1+2,target=3")).settle(data)
    first = [(*row,) for _, row in islice(settled.rows(), LOOKED_AT)]
    columns = proposal(["1", "2", "3"], first).strip("'")
    if "tags" not in columns:
        what = f"{data} has no column of tags, such as V;PST or N|Number=Plur."
        raise Mistake(what, "Give a table of three columns: lemma, tags, form.")
    pairs, _ = Files((data,)).open(Reading(columns=parse_columns(columns)))
    for pair in pairs:
        yield KeyedLine(pair.source[0], "\t".join([*pair.source, *pair.target]))


def beside_rules(model: Model, figures: Measured, out: Path, screen: Screen) -> str:
    """A sentence that compares the network with rules of endings."""
    rival = suffix_rules.fit(known_pairs(model, out / "data" / "train.tsv"))
    return stand_beside(rival, "suffix_rules", Verdict("rules of endings", "어미 규칙"), model, figures, out, screen)


def show(model: Model, figures: Measured, compared: str, out: Path, say: Callable[[str], None]) -> str:
    """The text at the end: metrics, forms, a picture, and the next command."""
    shown = held_out_sources(out)
    picture = out / "attention.png"
    for note in heat_map(model.predict(shown[:1], beam=5, lexicon=False)[0], picture):
        say(note)
    lines = [f"On {figures['n']:,} forms of held-out lemmas, beam 5 (95 % intervals):", ""]
    lines += [*figure_lines(figures, METRICS), "", compared, "", "Forms of held-out lemmas:", ""]
    for answer in model.predict(shown, beam=5, lexicon=False):
        lemma, tags = answer.source.split("\t")
        lines.append(f"  {lemma:<16} {tags:<18} {answer.text}")
    lines += ["", f"Attention for the first: {picture}", f"All metrics: {out / disk.EVALUATION}", ""]
    lemma, tags = shown[-1].split("\t")
    lines += ["Next, a lemma of your own, a tab and its tags:"]
    lines += [f"  printf '{lemma}\\t{tags}\\n' | {program()} predict {out} --beam 5"]
    return "\n".join(lines)


def held_out_sources(out: Path) -> list[str]:
    """Held-out lemmas with their tags, evenly spaced."""
    lines = (out / "data" / "test.tsv").read_text(encoding="utf-8").splitlines()
    chosen: Sequence[str] = lines[:: max(1, len(lines) // COUNT)][:COUNT]
    return [line.rpartition("\t")[0] for line in chosen]

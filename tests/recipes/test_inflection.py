"""The recipe of inflection from start to end, on tables small enough for a test."""

from __future__ import annotations

import gzip
import json
import random
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from screens import Watched
from unspool.errors import MissingExtra, Mistake
from unspool.model import load
from unspool.recipes import inflection
from unspool.recipes.registry import recipe_of


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"name": "luong", "embedding_size": 16, "encoder_size": 32, "decoder_size": 32}
    monkeypatch.setitem(inflection.SETTINGS, "model", sizes)
    monkeypatch.setitem(inflection.SETTINGS, "training", {"max_updates": 20, "batch_symbols": 512})


def lemmas(count: int) -> list[str]:
    draw = random.Random(3)
    words = {"".join(draw.choice("bdkl") + draw.choice("aeiou") for _ in range(draw.randint(2, 4))) for _ in range(400)}
    return sorted(words)[:count]


def table(path: Path, order: str = "ltf") -> Path:
    """Plurals and pasts by a rule, with the columns in this order: lemma, tags, form."""
    rows = [
        {"l": lemma, "t": tags, "f": lemma + ending}
        for lemma in lemmas(120)
        for tags, ending in (("N;PL", "s"), ("V;PST", "d"))
    ]
    path.write_text("".join("\t".join(row[name] for name in order) + "\n" for row in rows))
    return path


def test_a_table_of_ones_own_stands_beside_rules(quick: None, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shown = recipe_of("inflection", table(tmp_path / "xyz.tsv"))(out, None, Watched())
    figures = json.loads((out / "evaluation.json").read_text())
    [beside] = figures["compared"]
    assert beside["model"] == "suffix_rules" and beside["exact_match"] == 100, "the rule is one of endings"
    assert "worse than rules of endings by" in shown and (out / "attention.png").exists()
    assert load(out).predict(["bada\tN;PL"], beam=1)[0].text


def test_no_lemma_is_in_two_of_the_three_tables(quick: None, tmp_path: Path) -> None:
    rows = list(inflection.forms_of(table(tmp_path / "xyz.tsv")))
    assert rows == list(inflection.forms_of(table(tmp_path / "zyx.tsv", "lft"))), "whichever column holds the tags"
    assert {row.key for row in rows} == set(lemmas(120)) and len(rows) == 240
    tables = inflection.tables_in(tmp_path / "data", ".tsv")
    inflection.write_tables(tables, lambda: rows, inflection.HELD, "xyz", lambda message: None)
    parts = [{line.split("\t")[0] for line in path.read_text().splitlines()} for path in tables.values()]
    assert sum(map(len, parts)) == len(set().union(*parts)) == 120


def test_english_has_every_spelling_of_a_form(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    nouns, verbs = "dwarf,noun,dwarfs/dwarves/dwarf\nsheep,noun,sheep\n", "go,verb,went,gone,going,goes\n"
    lines = f"{nouns}{verbs}ask,verb,asked,,asking,asks\n"
    (tmp_path / "resources" / "infl_lu.csv.gz").write_bytes(gzip.compress(lines.encode()))
    spec = ModuleSpec("lemminflect", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(inflection.importlib.util, "find_spec", lambda name: spec)
    assert [row.line for row in inflection.english()] == [
        "dwarf\tN;PL\tdwarfs", "dwarf\tN;PL\tdwarves", "go\tV;PST\twent", "go\tV;V.PTCP;PST\tgone",
        "go\tV;V.PTCP;PRS\tgoing", "go\tV;PRS;3;SG\tgoes", "ask\tV;PST\tasked", "ask\tV;V.PTCP;PST\tasked",
        "ask\tV;V.PTCP;PRS\tasking", "ask\tV;PRS;3;SG\tasks",
    ]  # fmt: skip


def test_without_the_table_the_line_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflection.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'unspool\[recipes\]'"):
        list(inflection.english())


def test_a_table_without_three_columns_or_without_tags_is_refused(tmp_path: Path) -> None:
    (tmp_path / "two.tsv").write_text("gehen\tging\n")
    with pytest.raises(Mistake, match=r"two.tsv"):
        list(inflection.forms_of(tmp_path / "two.tsv"))
    (tmp_path / "none.tsv").write_text("gehen\tging\tgegangen\n")
    with pytest.raises(Mistake, match=r"none.tsv has no column of tags"):
        list(inflection.forms_of(tmp_path / "none.tsv"))

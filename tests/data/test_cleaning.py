from __future__ import annotations

from pathlib import Path

import pytest

from unspool.config import DataConfig
from unspool.data.cleaning import clean
from unspool.data.inputs import Files
from unspool.data.preparation import prepare
from unspool.data.prepared import Plan
from unspool.data.tables import Table
from unspool.types import Task

PAIRS = [
    (f"문장 하나가 여기에 {number}번 있다.", f"There is a sentence here, number {number}.") for number in range(60)
]
BAD = {
    "identical": ("Seoul 2024", "Seoul 2024"),
    "duplicate": PAIRS[3],
    "ratio": ("아니.", "No, " * 40),
    "script": ("No translation here.", "No translation at all."),
    "long": ("긴" * 2000, "long" * 700),
}


def table(folder: Path, pairs: list[tuple[str, str]]) -> Table:
    path = folder / "a.tsv"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in pairs))
    return Table([path])


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_pair_is_left_out_for_its_reason_and_all_others_stay(tmp_path: Path, reason: str):
    cleaned = clean(table(tmp_path, [*PAIRS, BAD[reason]]), DataConfig())
    assert cleaned.left_out == {reason: 1}
    assert [(*pair.source, *pair.target) for pair in cleaned.pairs] == PAIRS


def test_a_source_with_two_different_targets_is_no_duplicate(tmp_path: Path):
    pairs = [*PAIRS, (PAIRS[0][0], "One sentence is here.")]
    assert not clean(table(tmp_path, pairs), DataConfig()).left_out


def test_short_texts_may_differ_more_and_numbers_have_no_script(tmp_path: Path):
    assert not clean(table(tmp_path, [*PAIRS, ("응.", "Yes, of course!"), ("3 - 1", "Two.")]), DataConfig()).left_out


def test_a_side_of_two_scripts_has_no_wrong_one(tmp_path: Path):
    pairs = [(f"{number} {'слово' if number % 2 else 'word'}", f"text {number}") for number in range(60)]
    assert not clean(table(tmp_path, pairs), DataConfig()).left_out


def test_a_japanese_side_may_be_han_alone(tmp_path: Path):
    pairs = [(f"これは{number}番の文です。", f"This is sentence {number}.") for number in range(60)]
    assert not clean(table(tmp_path, [*pairs, ("東京駅前。", "In front of Tokyo.")]), DataConfig()).left_out


def test_where_everything_would_be_left_out_everything_stays(tmp_path: Path):
    cleaned = clean(table(tmp_path, [("a", "a"), ("b", "b")]), DataConfig())
    assert len([*cleaned.pairs]) == 2 and not cleaned.left_out


def test_cleaning_is_off_by_default_and_says_what_it_left_out(tmp_path: Path):
    valid = tmp_path / "valid.tsv"
    valid.write_text("같다\t같다\n")
    files = Files(tuple(table(tmp_path, [*PAIRS, *BAD.values()]).paths), (valid,))
    plain = prepare(files, Plan(Task("text", "text"), DataConfig()))
    assert plain.left_out is None and len(plain.corpus) == len(PAIRS) + len(BAD)
    cleaned = prepare(files, Plan(Task("text", "text"), DataConfig(clean=True)))
    assert cleaned.left_out == dict.fromkeys(["identical", "long", "ratio", "script", "duplicate"], 1)
    assert (len(cleaned.corpus), len(cleaned.examples)) == (len(PAIRS), 1)
    (message,) = [message for message in cleaned.messages if message.startswith("Cleaning")]
    assert message == (
        "Cleaning left out 5 of 65 training pairs: 1 with the same text on both sides, "
        "1 with a very long side (data.clean_longest), 1 with one side far too long for the other (data.clean_ratio), "
        "1 with a side in another script than the rest, 1 that came before. Validation data is as it was."
    )

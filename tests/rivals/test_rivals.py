"""What networks must beat, on data so small that the right answer is known."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from unspool.config import DataConfig
from unspool.data.corpus import RawPair, encode_corpus
from unspool.errors import MissingExtra, Mistake
from unspool.fields.field import ColumnData, Raw
from unspool.fields.registry import fit_fields
from unspool.rivals.linear import fit_texts
from unspool.rivals.registry import RIVALS, fit, rivals_of
from unspool.rivals.rival import KnownPairs
from unspool.rivals.seasonal_naive import season
from unspool.types import Task


def known(pairs: list[tuple[Raw, Raw]], task: Task) -> KnownPairs:
    config = DataConfig()
    sides = [ColumnData(lambda side=side: side, lambda side=side: side) for side in map(list, zip(*pairs, strict=True))]
    fields, _ = fit_fields(task, sides[:1], sides[1:], config)
    return KnownPairs.of(fields, encode_corpus([RawPair(*pair, 1) for pair in pairs], fields, config))


def answer(name: str, pairs: list[tuple[Raw, Raw]], task: Task, source: Raw) -> Raw:
    rival = fit(name, known(pairs, task))
    assert rival.answer is not None and rival.parameters > 0
    return rival.answer(source)


TEXT, LABEL, TAGS = Task("text", "text"), Task("text", "label"), Task("text", "tags")


def test_the_nearest_neighbour_is_exact_and_the_first_of_several() -> None:
    pairs = [("kitten", "A"), ("sitting", "B"), ("mitten", "C"), ("bitten", "D")]
    assert answer("nearest_neighbour", pairs, TEXT, "fitten") == "A"
    assert answer("nearest_neighbour", pairs, TEXT, "sittin") == "B"


def test_the_joint_ngram_spells_what_it_has_aligned() -> None:
    sounds = {"s": "S ", "h": "H ", "sh": "SH ", "a": "AA ", "t": "T ", "x": "K S ", "e": ""}
    words = [["s", "a"], ["sh", "a"], ["t", "a"], ["x", "a"], ["a", "t"], ["a", "x"], ["a", "sh"], ["sh", "e"]]
    words += [one + other for one in words for other in words]
    pairs = [("".join(word), "".join(sounds[part] for part in word).strip() or "T") for word in words]
    assert answer("joint_ngram", pairs, TEXT, "shatax") == "SH AA T AA K S"


def test_labels_of_the_majority_and_of_the_linear_model() -> None:
    pairs = [("good film", "pos"), ("fine film", "pos"), ("good play", "pos"), ("bad film", "neg"), ("bad play", "neg")]
    assert answer("majority", pairs, LABEL, "bad") == "pos"
    assert answer("linear", pairs, LABEL, "bad play") == "neg"


def test_letters_are_counted_where_texts_are_short() -> None:
    texts, labels = ["good film", "bad film", "good plot", "bad plot"] * 3, ["pos", "neg"] * 6
    short, long = (fit_texts([f"{text} " * times for text in texts], labels) for times in (1, 300))
    assert short.parameters > 20 > long.parameters
    assert long.answer is not None and long.answer("bad film") == "neg"


def test_the_linear_model_asks_for_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("sklearn")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtra, match=r"unspool\[compare\]"):
        answer("linear", [("a", "x"), ("b", "y")], LABEL, "a")


def test_labels_of_items_alone_and_among_their_neighbours() -> None:
    pairs = [("I can fish", "P V N"), ("a can", "D N"), ("the can", "D N"), ("you can", "P V"), ("a can", "D N")]
    assert answer("item_majority", pairs, TAGS, "I can") == "P N"
    assert answer("tag_ngram", pairs, TAGS, "I can unseen") == "P V N"


def test_running_text_is_predicted_from_what_came_before() -> None:
    task = Task("running_text", "running_text")
    pairs = [("abc", "abcabcabcabcabcabc")] * 3
    rival = fit("ngram", known(pairs, task))
    assert rival.log_prob is not None
    assert rival.log_prob("abc", "abc") > rival.log_prob("abc", "bca") > rival.log_prob("abc", "zzz")


def test_values_of_the_last_step_and_of_the_last_season() -> None:
    wave = np.tile([0.0, 1.0, 5.0, 2.0], 6)[:, None].astype(np.float32)
    task = Task("values", "values")
    pairs = [(wave, wave[:5]), (wave, wave[:4])]
    assert (answer("last_value", pairs, task, wave) == 2.0).all()
    assert season([wave]) == 4
    assert answer("seasonal_naive", pairs, task, wave)[:, 0].tolist() == [0, 1, 5, 2, 0]
    assert season([wave[:3]]) == 1
    with pytest.raises(Mistake, match="other features"):
        answer("last_value", [(wave, np.ones((2, 2), np.float32))], task, wave)


def test_each_kind_of_target_has_rivals_with_files_of_their_own() -> None:
    assert rivals_of(Task("values", "label")) == ("majority",)
    assert all(names for names in RIVALS.values())

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from unspool.errors import Mistake
from unspool.g2p import G2p
from unspool.g2p.arpabet import SYMBOLS

MILLISECONDS = 5


@pytest.fixture(scope="module")
def g2p() -> G2p:
    return G2p()


def said(found: list[str]) -> str:
    return " ".join("|" if one == " " else one for one in found)


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("I read 3 books", "AY1 | R EH1 D | TH R IY1 | B UH1 K S"),
        ("Hello, world!", "HH AH0 L OW1 | , | W ER1 L D | !"),
        (
            "popular pets, e.g. cats",
            "P AA1 P Y AH0 L ER0 | P EH1 T S | , | F AO1 R | IH0 G Z AE1 M P AH0 L | K AE1 T S",
        ),
        ("I'm here - now...", "AY1 M | HH IY1 R | - | N AW1 | ..."),
        ("'hello'", "HH AH0 L OW1"),
        ("well-known", "W EH1 L | N OW1 N"),
        ("a QXA hub", "AH0 | K Y UW1 | EH1 K S | EY1 | HH AH1 B"),
        ("NASA", "N AE1 S AH0"),
        ("HELLO NEW BOOKS", "HH AH0 L OW1 | N UW1 | B UH1 K S"),
        ("", ""),
        (" \t\n\x00", ""),
        ("한국어", ""),
        ("hello 세계 world", "HH AH0 L OW1 | W ER1 L D"),
        ("?!", "? | !"),
        ("''", ""),
    ],
)
def test_a_text_has_the_documented_sounds(g2p: G2p, text: str, sounds: str) -> None:
    assert said(g2p(text)) == sounds


@pytest.mark.parametrize("text", ["안녕", " 你好\n", "Привет мир"])
def test_a_text_of_which_no_letter_could_be_read_is_told(
    g2p: G2p, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert g2p(text) == []
    assert capsys.readouterr().err == (
        f"No letter of '{text.strip()}' could be read: only Latin letters and digits are.\n"
    )
    assert g2p.ipa(text) == "" and g2p.pronunciations(text) == []
    assert capsys.readouterr().err.count("\n") == 2


@pytest.mark.parametrize("text", ["", " \t\n", "?!", "''", "hello 세계", "café"])
def test_where_there_is_something_to_read_or_no_letter_nothing_is_told(
    g2p: G2p, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    g2p(text)
    assert capsys.readouterr().err == ""


def test_words_in_no_dictionary_are_read_by_the_model(g2p: G2p) -> None:
    assert g2p("blicket")[:2] == ["B", "L"]
    found = g2p("The blicket's zyxomma")
    assert set(found) <= SYMBOLS | {" "} and found.count(" ") == 2


def test_a_very_long_text_and_a_very_long_word_have_an_end(g2p: G2p) -> None:
    assert len(g2p("hello " * 17_000)) == 17_000 * 5 - 1
    long = g2p("ba" * 2_000)
    assert long and set(long) <= SYMBOLS | {" "}
    assert g2p("9" * 10_000)[:4] == ["N", "AY1", "N", " "]
    assert len(g2p("x" * 100_000)) > 1


@pytest.mark.parametrize("bad", [None, 3, b"hello", ["hello"]])
def test_what_is_no_text_is_a_mistake(g2p: G2p, bad: Any) -> None:
    for ask in (g2p, g2p.ipa, g2p.pronunciations):
        with pytest.raises(Mistake, match="must be a text"):
            ask(bad)


def test_ipa_has_stress_marks_and_punctuation(g2p: G2p) -> None:
    assert g2p.ipa("Hello, new world!") == "həˈloʊ, ˈnu ˈwɝld!"
    assert g2p.ipa("") == ""


def test_all_pronunciations_of_a_word_are_told_and_ones_own_go_first(g2p: G2p) -> None:
    assert g2p.pronunciations("Read") == [["R", "EH1", "D"], ["R", "IY1", "D"]]
    assert len(g2p.pronunciations("blicket")) == 1 and g2p.pronunciations("") == []
    own = G2p(lexicon={"Read": "R IY1 D", "blicket": "B AA1"})
    assert said(own("I read blicket")) == "AY1 | R IY1 D | B AA1"
    assert own.pronunciations("read") == [["R", "IY1", "D"]]


@pytest.mark.parametrize("sounds", ["", "R IY D", "R IY1 Q", "ri:d"])
def test_wrong_sounds_of_ones_own_are_a_mistake(sounds: str) -> None:
    with pytest.raises(Mistake, match="no ARPAbet"):
        G2p(lexicon={"read": sounds})


def test_several_threads_get_the_same(g2p: G2p) -> None:
    texts = [f"the blick{letter}t is {number}" for number, letter in enumerate("aeioubcdfg")]
    expected = [G2p()(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(g2p, texts * 3)) == expected * 3


def test_a_sentence_takes_less_than_five_milliseconds(g2p: G2p) -> None:
    sentence = "Dr. Smith paid $3.50 at 10:05 for the 21st time."
    times = []
    for _ in range(20):
        begun = time.thread_time()
        g2p(sentence)
        times.append(1000 * (time.thread_time() - begun))
    assert sorted(times)[10] < MILLISECONDS


def test_importing_and_asking_needs_neither_pytorch_nor_a_network() -> None:
    code = (
        "import socket, sys\n"
        "socket.socket = socket.create_connection = None\n"
        "for name in ('torch', 'nltk', 'huggingface_hub'): sys.modules[name] = None\n"
        "from unspool.g2p import G2p\n"
        "print(' '.join(G2p()('read')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "R EH1 D\n", done.stderr


def test_it_can_be_pickled(g2p: G2p) -> None:
    assert pickle.loads(pickle.dumps(g2p))("read") == ["R", "EH1", "D"]


def test_own_words_are_found_however_they_are_written() -> None:
    own = G2p(lexicon={"naïve": "N AA0 IY1 V", "O’Brien": "OW0 B R AY1"})
    assert own("naïve") == own("naive") == ["N", "AA0", "IY1", "V"]
    assert own("O'Brien") == ["OW0", "B", "R", "AY1"] and own.pronunciations("naïve") == [["N", "AA0", "IY1", "V"]]


@pytest.mark.parametrize("lexicon", ["x", ["a"], {1: "B"}, {"": "B"}, {"well-known": "B"}, {"St.": "B"}, {"a": 1}])
def test_own_words_that_no_text_has_are_a_mistake(lexicon: Any) -> None:
    with pytest.raises(Mistake, match="lexicon"):
        G2p(lexicon=lexicon)


def test_one_word_of_several_letters_is_pronounced_as_a_whole(g2p: G2p) -> None:
    assert g2p.pronunciations("XQZ") == [["EH1", "K", "S", "K", "Y", "UW1", "Z", "IY1"]]
    assert g2p.pronunciations("") == []

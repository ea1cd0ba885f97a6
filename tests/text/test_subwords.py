from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.errors import Mistake
from unspool.text.bytes import ByteTokenizer
from unspool.text.subwords import BPETokenizer, SubwordTokenizer, UnigramTokenizer
from unspool.types import UNK

LINES = ["the cat sat on the mat", "the dog sat on the log", "고양이가 앉았다", "</s> is text"] * 20
KINDS: dict[str, type[SubwordTokenizer]] = {"bpe": BPETokenizer, "unigram": UnigramTokenizer}
LEARNED = {name: kind.fit(LINES, size=320) for name, kind in KINDS.items()}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

FIT_IN_A_NEW_PROCESS = """
import hashlib, json, sys
from unspool.text.registry import fit
lines = [f"{a} {b}ing {a}{b}" for a in "walk talk sing".split() for b in "re un over".split()] * 9
print(hashlib.sha256(json.dumps(fit(sys.argv[1], lines, size=300, min_count=1).to_json()).encode()).hexdigest())
"""


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=100)
@given(TEXT)
def test_text_never_seen_comes_back_without_unknowns(kind: str, text: str) -> None:
    ids = LEARNED[kind].encode(text)
    assert LEARNED[kind].decode(ids) == text and UNK not in ids


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "lines", [[], [""], ["a"], ["ab"] * 3, ["a" * 3000]], ids=["none", "empty", "one", "few", "long"]
)
@pytest.mark.parametrize("size", [260, 261, 8000])
def test_there_are_never_more_symbols_than_asked_for(kind: str, lines: list[str], size: int) -> None:
    learned = KINDS[kind].fit(lines, size=size)
    assert len(ByteTokenizer()) <= len(learned) <= size and learned.decode(learned.encode("x </s>")) == "x </s>"


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_without_room_for_all_bytes_is_a_mistake(kind: str) -> None:
    with pytest.raises(Mistake, match="259"):
        KINDS[kind].fit(LINES, size=259)


@pytest.mark.parametrize("kind", KINDS)
def test_many_lines_are_encoded_as_one_by_one(kind: str) -> None:
    lines = [f"{line} {number}" for number, line in enumerate(LINES * 20)]
    assert list(LEARNED[kind].encode_many(lines)) == [LEARNED[kind].encode(line) for line in lines]


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_learn_the_same_and_say_nothing(kind: str) -> None:
    command = [sys.executable, "-c", FIT_IN_A_NEW_PROCESS, kind]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2))
    assert first.stdout == second.stdout and len(first.stdout.split()) == 1 and first.stderr == ""


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_show_as_text_or_as_bytes(kind: str) -> None:
    tokens = LEARNED[kind].tokens(LEARNED[kind].encode("the 힣"))
    assert "".join(tokens) == "the \\xED\\x9E\\xA3"


def test_a_broken_file_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="cannot be read"):
        BPETokenizer.from_json({"kind": "bpe", "tokenizer": {"model": None}})

"""What a reply is made from: the last lines of a conversation, as in its training data."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspool.chat.conversation import Conversation, pairs_of
from unspool.chat.dialogues import read_dialogues
from unspool.config.chat import ChatConfig
from unspool.errors import Mistake

LINES = ["hi", "hello", "how are you?", "fine"]


def talked(turns: int) -> Conversation:
    conversation = Conversation(ChatConfig(turns=turns, separator=" | "))
    conversation.add("hi", "hello")
    return conversation


def test_a_source_is_what_training_data_has_at_that_place() -> None:
    for turns, source in ((1, "how are you?"), (2, "hello | how are you?"), (9, "hi | hello | how are you?")):
        conversation = talked(turns)
        assert conversation.source("how are you?") == source
        assert (source, "fine") in [*pairs_of(LINES, conversation.settings)]


def test_undo_and_reset_forget() -> None:
    conversation = talked(3)
    conversation.add("how are you?", "fine")
    assert conversation.undo() == ("how are you?", "fine")
    assert conversation.source("so?") == "hi | hello | so?"
    conversation.reset()
    assert conversation.source("so?") == "so?" and conversation.undo() is None
    assert conversation.count == 2, "the next line has other random numbers"


def test_tables_and_texts_hold_conversations(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Q,A,label\nhi,hello,0\n,nobody,0\nso?,well,1\n")
    (tmp_path / "a.tsv").write_text("hi\thello\nso?\twell\n")
    (tmp_path / "a.txt").write_text("\nhi\n hello \n\n\nso?\nwell\nso\n")
    assert (
        read_dialogues(tmp_path / "a.csv") == read_dialogues(tmp_path / "a.tsv") == [["hi", "hello"], ["so?", "well"]]
    )
    assert read_dialogues(tmp_path / "a.txt") == [["hi", "hello"], ["so?", "well", "so"]]


def test_a_file_without_replies_is_refused(tmp_path: Path) -> None:
    for name, text, what in (("a.txt", "hi\n\nso?\n", "no line with a reply"), ("a.tsv", "hi\nso?\n", "one column")):
        (tmp_path / name).write_text(text)
        with pytest.raises(Mistake, match=what):
            read_dialogues(tmp_path / name)

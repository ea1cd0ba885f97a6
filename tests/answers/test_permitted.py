"""What a list and a pattern permit, and what is said where they permit nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unspool.answers.permitted import Permitted, permit
from unspool.errors import Mistake
from unspool.fields.ink import InkField
from unspool.fields.label import LabelField
from unspool.fields.running_text import RunningTextField
from unspool.fields.tags import TagsField
from unspool.fields.text import TextField
from unspool.text.chars import CharTokenizer
from unspool.text.forms import Folding
from unspool.text.joined import JoinedTokenizer
from unspool.text.labels import LabelTokenizer
from unspool.text.words import WordTokenizer
from unspool.types import EOS

TEXT = TextField(CharTokenizer.fit(["abc"]), ends=True)
TWO = TextField(JoinedTokenizer([CharTokenizer.fit(["ab"]), WordTokenizer.fit(["x y"])]), ends=True)
LABELS = LabelField(LabelTokenizer.fit(["good", "very bad", "bad"]))


def permits(permitted: Permitted, field: TextField, text: str) -> bool:
    ids = np.append(field.encode(text), [EOS] * field.ends)
    return permitted.automaton.after(ids) == permitted.automaton.final


def test_a_list_permits_what_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "allow.txt"
    file.write_text("ab\r\n\nabc\n\nab\n")
    for allow in (file, str(file), ["ab", "abc"], ("abc", "ab")):
        permitted = permit(TEXT, allow)
        assert [permits(permitted, TEXT, text) for text in ("ab", "abc", "a", "", "abca")] == [True, True, *[False] * 3]
        assert permitted.shortest == 3 and not permitted.messages(4)
    assert permits(permit(TEXT, ["", "a"]), TEXT, "")


def test_a_pattern_takes_from_a_list_what_it_matches() -> None:
    permitted = permit(TEXT, ["ab", "b", "abc"], ".*b")
    assert [permits(permitted, TEXT, text) for text in ("ab", "b", "abc", "bb")] == [True, True, False, False]


def test_answers_are_read_as_targets_were() -> None:
    field = TextField(CharTokenizer.fit(["abc"]), ends=True, folding=Folding(True))
    assert permits(permit(field, ["AB"], "a."), field, "ab")


def test_several_columns_are_permitted_together() -> None:
    assert [permits(permit(TWO, ["ab\tx y", "b\ty"]), TWO, text) for text in ("ab\tx y", "ab\ty")] == [True, False]
    assert [permits(permit(TWO, None, "a+\t.*y"), TWO, text) for text in ("aa\tx y", "ab\ty")] == [True, False]


def test_labels_are_chosen_by_both() -> None:
    assert [permits(permit(LABELS, ["bad", "good"]), LABELS, label) for label in ("good", "very bad")] == [True, False]
    assert [permits(permit(LABELS, None, ".*bad"), LABELS, label) for label in ("bad", "very bad", "good")] == [
        True, True, False,
    ]  # fmt: skip
    assert permit(LABELS, ["good"]).shortest == 1


def test_what_the_model_cannot_write_is_left_out_and_named(tmp_path: Path) -> None:
    file = tmp_path / "allow.txt"
    file.write_text("ab\nxay\n\nabx\n")
    said = permit(TEXT, file).left_out
    assert "2 permitted answers" in said and f"{file}, line 2, 'xay' (it does not know 'x', 'y')" in said
    assert "line 4, 'abx'" in said
    assert "number 2, 'ax'" in permit(TEXT, ["a", "ax"]).left_out
    assert permit(TEXT, ["a", "ab", "abca"]).messages(3) == [
        "1 permitted answer has more than 3 symbols and cannot be given: --max-length."
    ]


def values_field() -> Any:
    return InkField.__new__(InkField)


@pytest.mark.parametrize(("field", "allow", "pattern", "words"), [
    (TEXT, [], None, "list of permitted answers is empty"),
    (TEXT, ["ab", "cd"][1:], None, "cannot write 1 permitted answer: number 1, 'cd'"),
    (LABELS, ["worse", "bad good"], None, "cannot write 2 permitted answers: number 1, 'worse'"),
    (LABELS, [" "], None, "cannot write 1 permitted answer"),
    (TWO, ["ab\tx", "ab", "a\tb\tx"], None, "number 2: the answer 'ab' has 1 column, and the model writes 2"),
    (TEXT, 3, None, "allow must be a list of texts"),
    (TEXT, ["a", 3], None, r"allow\[1\] must be a text"),
    (TEXT, None, 3, "pattern must be a text"),
    (TEXT, None, "a(b", r"'a\(b' is broken at character 2"),
    (TEXT, ["a"], "a(b", r"'a\(b' is broken at character 2"),
    (LABELS, None, "a(b", r"'a\(b' is broken at character 2"),
    (TEXT, ["ab", "b"], "c", "matches none of the 2 permitted answers, such as 'ab'"),
    (TEXT, None, "[0-9]+", r"No answer that the model can write matches the pattern '\[0-9\]\+'"),
    (TEXT, None, "a$b", "No answer that the model can write"),
    (LABELS, None, "x", "matches none of the 3"),
    (values_field(), ["a"], None, "Only texts and labels can be permitted, and this model writes ink"),
    (TagsField(TEXT.tokenizer), ["a"], None, "this model writes tags"),
    (RunningTextField(TEXT.tokenizer), None, "a", "this model writes running text"),
])  # fmt: skip
def test_an_impossible_constraint_is_one_line(field: TextField, allow: Any, pattern: Any, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        permit(field, allow, pattern)


def test_a_file_without_answers_or_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "allow.txt"
    for content, words in ((b"", "no permitted"), (b"\n \n", "no permitted"), (b"ab\n\xff\xfe\n", "UTF-8|utf-8")):
        file.write_bytes(content)
        with pytest.raises(Mistake, match=words) as raised:
            permit(TEXT, file)
        assert str(file) in raised.value.what
    with pytest.raises(Mistake, match=r"nowhere\.txt"):
        permit(TEXT, tmp_path / "nowhere.txt")


def test_what_is_too_long_or_begins_otherwise_is_said() -> None:
    permitted, nothing = permit(TEXT, None, "(ab){3,}"), np.zeros(0, np.int64)
    with pytest.raises(Mistake, match="has 7 symbols, EOS included, and answers have at most 6"):
        permitted.check(6, [nothing], [nothing])
    permitted.check(7, [nothing, TEXT.encode("aba")], [nothing, nothing])
    for prefix, barred in (("b", ""), ("a", "b"), ("abababab", "")):
        with pytest.raises(Mistake, match="No permitted answer of at most 8 symbols begins with the prefix"):
            permitted.check(8, [TEXT.encode(prefix)], [TEXT.encode(barred)])

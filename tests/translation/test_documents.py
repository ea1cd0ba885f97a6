from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polib
import pytest

from documented import REPOSITORY, blocks_of
from unspool.errors import Mistake
from unspool.translation import gettext_file
from unspool.translation.documents import translate_document

MARKDOWN = """---
title: Not translated
---
# The *first* heading

A paragraph that was broken at a width, as many editors
do it, goes on in the next line. It has `code()`, a
[link to a page](https://example.org/a_b?c=1 "Its title") and **bold words**.

- [ ] a task with %s
- another item
  that goes on
    1. nested, with {name}

> A quotation of 3 lines.

```python
print("kept")  # also this
```

    indented code

| Name | What it is |
|------|:----------:|
| one  | The first. |

<div class="kept">

![A picture](picture.png)\\
Setext heading
--------------

[reference]: https://example.org
Last line without an end"""

SUBTITLES = """1
00:00:01,000 --> 00:00:02,500
Hello there, how are you
doing today?

2
00:00:03,000 --> 00:00:04,000
- I am fine.
- <i>So am I.</i>

"""

MESSAGES = r"""# A comment.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

#: main.c:12
#, c-format
msgid "Open the file %s.\n"
msgstr ""

msgctxt "menu"
msgid "Save"
msgstr "Sichern"

msgid "One \"file\"."
msgid_plural "%d files."
msgstr[0] ""
msgstr[1] ""

msgid ""
"Several lines of text, "
"and more."
msgstr ""

#~ msgid "Old"
#~ msgstr ""
"""

TEXT = """A title

This line is so long that it was surely broken at a width, and
its sentence ends in this one. A second sentence follows it, and
ends here.

    An indented line.
A short line.
Another one.
"""

DOCUMENTS = {"a.md": MARKDOWN, "a.srt": SUBTITLES, "a.po": MESSAGES, "a.txt": TEXT, "b.md": "", "b.txt": "\n\n \n"}


def same(sentences: Sequence[str]) -> list[str]:
    return [*sentences]


def loud(sentences: Sequence[str]) -> list[str]:
    """A model that knows capitals, and no placeholder: it writes letters in capitals and drops everything odd."""
    return [
        "".join(letter for letter in sentence.upper() if letter.isalpha() or letter in " .,") for sentence in sentences
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_whose_sentences_stay_is_the_same_letter_by_letter(name: str, ending: str):
    document = DOCUMENTS[name].replace("\n", ending)
    assert translate_document(document, Path(name), same)[0] == document


def lines_of(name: str) -> list[str]:
    return translate_document(DOCUMENTS[name], Path(name), loud)[0].split("\n")


def test_markdown_keeps_its_marks_code_and_targets():
    lines = lines_of("a.md")
    assert lines[:4] == ["---", "title: Not translated", "---", "# THE *FIRST* HEADING"]
    text = " ".join(lines)
    for kept in (
        "`code()`",
        '](https://example.org/a_b?c=1 "Its title")',
        "**BOLD WORDS**",
        'print("kept")  # also this',
    ):
        assert kept in text
    for kept in (
        "- [ ] A TASK WITH %s",
        "    1. NESTED, WITH {name}",
        "> A QUOTATION OF 3 LINES.",
        "    indented code",
    ):
        assert kept in lines
    for kept in (
        "|------|:----------:|",
        "| ONE  | THE FIRST. |",
        '<div class="kept">',
        "[reference]: https://example.org",
    ):
        assert kept in lines
    assert lines[-1] == "LAST LINE WITHOUT AN END"
    assert max(map(len, lines)) <= max(map(len, MARKDOWN.split("\n")))


def test_subtitles_keep_their_times_and_their_number_of_lines():
    lines = lines_of("a.srt")
    assert lines[2:4] == ["HELLO THERE, HOW", "ARE YOU DOING TODAY"]
    assert lines[7:9] == ["- I AM FINE.", "- <i>SO AM I.</i>"]
    assert len(lines) == len(SUBTITLES.split("\n")) and lines[1] == "00:00:01,000 --> 00:00:02,500"


def test_messages_get_their_texts_and_nothing_else_changes(tmp_path: Path):
    written, tally = translate_document(MESSAGES, Path("a.po"), loud)
    path = tmp_path / "a.po"
    path.write_text(written)
    entries = {entry.msgid: entry for entry in polib.pofile(str(path)) if not entry.obsolete}
    assert entries["Open the file %s.\n"].msgstr == "OPEN THE FILE %s.\n"
    assert entries["Save"].msgstr == "Sichern"
    assert entries['One "file".'].msgstr_plural == {0: "ONE FILE.", 1: "%d FILES."}
    assert entries["Several lines of text, and more."].msgstr == "SEVERAL LINES OF TEXT, AND MORE."
    changed = [one for one, other in zip(written.split("\n"), MESSAGES.split("\n"), strict=True) if one != other]
    assert all(line.startswith("msgstr") for line in changed)
    assert tally.in_pieces == 2


def test_a_paragraph_that_was_broken_is_one_text_and_short_lines_are_several():
    lines = lines_of("a.txt")
    assert lines[2] == "THIS LINE IS SO LONG THAT IT WAS SURELY BROKEN AT A WIDTH, AND"
    assert lines[6:9] == ["    AN INDENTED LINE.", "A SHORT LINE.", "ANOTHER ONE."]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.docx", "", r"a\.docx is none of the documents that can be translated"),
        ("a.po", "msgid x", r"Line 1 is none of a \.po file: msgid x"),
    ],
)
def test_what_is_no_document_is_a_mistake(name: str, text: str, said: str):
    with pytest.raises(Mistake, match=said):
        translate_document(text, Path(name), same)


@pytest.mark.parametrize("path", sorted(REPOSITORY.glob("docs/how-to/*.md")), ids=lambda path: path.name)
def test_a_page_of_ours_stays_the_same_and_its_samples_are_never_translated(path: Path):
    page = path.read_text(encoding="utf-8")
    assert translate_document(page, path, same)[0] == page
    answer = translate_document(page, path, lambda sentences: ["x" for _ in sentences])[0]
    assert [block.code for block in blocks_of(answer)] == [block.code for block in blocks_of(page)]


def test_one_form_that_stands_for_every_number_is_the_plural() -> None:
    header = 'msgid ""\nmsgstr "Plural-Forms: nplurals={}; plural={};\\n"\n\n'
    message = 'msgid "A dog"\nmsgid_plural "%d dogs"\nmsgstr[0] ""\n'
    for count, rule, expected in ((1, "0", "%d dogs"), (2, "n != 1", "A dog")):
        segments = list(gettext_file.split(header.format(count, rule) + message))
        assert [one.text for one in segments if one.text] == [expected]


def translated(text: str) -> str:
    return translate_document(text, Path("a.md"), loud)[0]


STAYS = {
    "a comment of several lines": "<!-- Made on a day,\n\nwith this command -->\n",
    "HTML with blank lines": "<pre>\nsome words\n\nmore words\n</pre>\n",
    "a style": "<style>\nbody { color: red }\n</style>\n",
    "code in a quote": "> ```python\n> print('words')\n> ```\n",
    "metadata in TOML": "+++\ntitle = 'words'\n+++\n",
    "an alert": "> [!NOTE]\n",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_what_is_no_text_of_markdown_stays(text: str) -> None:
    after = "" if text.startswith("+++") else "\n"
    assert translated(text + after + "Some words.\n") == text + after + "SOME WORDS.\n"


def test_a_code_in_a_quote_ends_with_it() -> None:
    assert translated("> ```\n> code\n\nwords\n") == "> ```\n> code\n\nWORDS\n"


def test_a_table_without_outer_bars_keeps_its_cells() -> None:
    table = "Name | value\n--- | ---\nbig dog | small cat\nred | blue\n\nand words\n"
    assert translated(table) == table.upper()


@pytest.mark.parametrize("target", ["https://de.wikipedia.org/wiki/Hund_(Tier)", "<a b.md>", "a(1).png"])
def test_targets_of_links_stay(target: str) -> None:
    assert translated(f"See [the dog]({target}) here.\n") == f"SEE [THE DOG]({target}) HERE.\n"


def test_a_cue_without_a_blank_line_before_it_is_a_cue() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nsome words\n2\n00:00:03,000 --> 00:00:04,000\nmore words\n"
    assert translate_document(text, Path("a.srt"), loud)[0] == text.upper()


def test_no_line_is_broken_inside_a_tag() -> None:
    text = '1\n00:00:01,000 --> 00:00:02,000\n<font color="#fff">two dogs</font>\nplay here\n'
    found = translate_document(text, Path("a.srt"), loud)[0]
    assert '<font color="#fff">TWO' in found and found.count("\n") == text.count("\n")

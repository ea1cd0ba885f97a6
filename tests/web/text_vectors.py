"""What texts become in Python: tokenizers, forms, sentences and fields, as JavaScript must make the same of them."""

from __future__ import annotations

import gzip
import random
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from unspool.answers.lexicon import read_lexicon
from unspool.data.sorted_table import SortedTable, sorted_table_bytes
from unspool.fields.copyable_text import CopyableTextField
from unspool.fields.document import DocumentField
from unspool.fields.registry import Fields
from unspool.fields.text import TextField
from unspool.text import registry
from unspool.text.forms import FORMS, Folding
from unspool.text.joined import JoinedTokenizer
from unspool.text.sentences import put_together, sentences, split_apart
from unspool.text.tokenizer import Tokenizer
from unspool.translation.paragraphs import split

TEXTS = [
    "", " ", "hello", "Hello, World!", "  two  words ", "tab\there", "한국어 발음", "닭이 울었다.", "ㅋㅋㅋ 값",
    unicodedata.normalize("NFD", "한국어 é"), "ᄒ\u1161ᆫ\uf8fe", "Straße ÉCOLE İstanbul ΣΑΣ", "ﬁne № ½ ²", "naïve café",
    "日本語。中国？", "😀 a👩‍👩‍👧b", "V;PST;3;SG", "A;;B", "no\u00a0break\u2003em\x1cfs\x85nel\ufeffbom",
    "line\nbreak\r\nand more",
    "don't we'll I'm 12,345.6 ½!?", "a<unk></s>b", "x" * 40, "Ünïcödé १२३ ٤٥", "\u0301combining", "It's 3 o'clock   ",
    "ＡＢＣ ｶﾞ", "e\u0301\u0323", "aaaa bbbb abab", "\t", "한\t국", "the cat the catalogue", "\u200bzero\u200dwidth",
]  # fmt: skip
LINES = [
    "hello world", "the cat sat", "the catalogue", "한국어 발음 사전", "닭이 울었다", "don't stop", "V;PST", "école é",
    "words and words", "12 345",
] * 3  # fmt: skip
DOCUMENTS = [
    *TEXTS, 'He said "Stop!" and left. Mr. J. Smith did not.\n정말 좋다. 또 볼까? 好。是吗？',
    " Go. \n\nStop.", "e.g. this. And i.e. that...",
    "Wait... what?! No. 5 is alive. no. small", "U.S. is big. (Yes.) \"No.\" Dr. Who? i.e. No",
    "One.\u2028Two… 셋. four", "…", "a.B c. D",
]  # fmt: skip
FITTED = ("chars", "words", "jamo", "bytes", "tags", "label", "bpe", "unigram")


def vectors() -> dict[str, Any]:
    """All of them."""
    return {
        "forms": [[name, text, form.of(text)] for name, form in FORMS.items() for text in TEXTS],
        "tokenizers": [tokenizer_vectors(name, tokenizer) for name, tokenizer in tokenizers().items()],
        "sentences": [[text, sentences(text), split_apart(text)] for text in DOCUMENTS],
        "put_together": [[parts, put_together(parts)] for parts in (["Good.", "Is it?", "\n", "好。"], ["a", "b"], [])],
        "split": [[text, longest, split(text, longest, len)] for text in DOCUMENTS for longest in (3, 9, 20)],
        "fields": field_vectors(),
        "tables": [table_vectors()],
        "lexicons": [lexicon_vectors(0), lexicon_vectors(1)],
    }


def tokenizers() -> dict[str, Tokenizer]:
    """One of each kind, and columns that are joined."""
    found = {kind: registry.fit(kind, LINES, size=300, min_count=1) for kind in FITTED}
    found["rare"] = registry.fit("chars", LINES, size=300, min_count=9)
    found["joined"] = JoinedTokenizer([found["chars"], found["tags"], found["words"]])
    return found


def tokenizer_vectors(name: str, tokenizer: Tokenizer) -> dict[str, Any]:
    """Encoded and decoded texts, and decoded random ids."""
    draw = random.Random(name)
    columns = len(tokenizer.parts)
    texts = TEXTS if columns == 1 else ["", *("\t".join([text.replace("\t", " ")] * columns) for text in TEXTS)]
    ids = [[draw.randrange(len(tokenizer)) for _ in range(draw.randrange(8))] for _ in range(40)]
    cases = [
        {
            "text": text, "ids": tokenizer.encode(text), "symbols": tokenizer.symbols(text),
            "normal": tokenizer.normal(text), "decoded": tokenizer.decode(tokenizer.encode(text)),
        }
        for text in texts
    ]  # fmt: skip
    decoded = [
        {
            "ids": one, "text": tokenizer.decode(one), "tokens": tokenizer.tokens(one),
            "replaced": tokenizer.decode(one, {place: f"<{place}>" for place in range(1, 8, 2)}),
            "changing": sorted(tokenizer.changing(one)),
        }
        for one in ids
    ]  # fmt: skip
    return {"name": name, "tokenizer": tokenizer.to_json(), "cases": cases, "decoded": decoded}


def field_vectors() -> list[dict[str, Any]]:
    """Sources as items, whole and cut."""
    chars, words = (registry.fit(kind, LINES, size=300, min_count=1) for kind in ("chars", "words"))
    few = registry.fit("chars", ["hello"], size=300, min_count=1)
    lower = Folding(lower=True, normal="NFC")
    fields: list[tuple[TextField, Tokenizer, dict[str, Any]]] = [
        (TextField(chars, folding=lower), chars, {}),
        (DocumentField(words, 3), words, {"longest": 3}),
        (CopyableTextField(chars, few, 6), few, {"most": 6}),
        (CopyableTextField(JoinedTokenizer([chars, words]), words, 50), words, {"most": 50}),
    ]
    return [_field(*field) for field in fields]


def _field(field: TextField, target: Tokenizer, extra: dict[str, Any]) -> dict[str, Any]:
    folding = {"lower": field.folding.lower, "normal": field.folding.normal}
    data = {"kind": field.kind, "ends": False, "folding": folding, "tokenizer": field.tokenizer.to_json(), **extra}
    columns = len(field.tokenizer.parts)
    texts = DOCUMENTS if columns == 1 else ["", *("\t".join([text.replace("\t", " ")] * columns) for text in TEXTS)]
    cases = [
        {
            "text": text,
            "most": most,
            "item": _item(field.truncate(field.encode(text), most)),
            "unseen": field.unseen(text),
        }
        for text in texts
        for most in (4, 1000)
        if not isinstance(field, DocumentField) or most == 1000 or field.encode(text).sentences.size
    ]
    if isinstance(field, DocumentField):  # its unknown words are looked for in the whole text
        for case in cases:
            del case["unseen"]
    return {"field": data, "target": target.to_json(), "cases": cases}


def _item(item: Any) -> dict[str, Any]:
    """As web/engine/text_field.js has it."""
    ids = getattr(item, "ids", item)
    inner, copies = getattr(item, "sentences", None), getattr(item, "copies", None)
    return {
        "ids": np.asarray(ids).tolist(),
        "inner": None if inner is None else inner.tolist(),
        "copies": None if copies is None else copies.tolist(),
        "copied": list(getattr(item, "copied", ())),
    }


def table_vectors() -> dict[str, Any]:
    """A sorted table, and what stands in it."""
    sources = ["a", "ab", "abc", "b", "'em", "é", "한국", "한국어", "a b", "z" * 50, "a\x01"]
    packed = sorted_table_bytes([(source, f"{source}/{number}") for number in (1, 2) for source in sources])
    content = gzip.decompress(packed)
    table = SortedTable(content)
    asked = [*sources, "", "aa", "c", "ㅎ", "~", "'", "한"]
    return {"content": content.decode(), "asked": [[key, list(table[key]) if key in table else None] for key in asked]}


def lexicon_vectors(columns: int) -> dict[str, Any]:
    """A lexicon, with one column a side or with two columns of source, and what it finds."""
    chars, words = (registry.fit(kind, LINES, size=300, min_count=1) for kind in ("chars", "words"))
    source = JoinedTokenizer([chars, words]) if columns else chars
    fields = Fields(TextField(source, folding=Folding(lower=True)), TextField(words, ends=True))
    more = "\tthe" * columns
    lines = [
        "# no answer\r",
        f"Hello{more}\t world   the",
        f"hello{more}\tcat",
        "",
        f"\\#x{more}\tsat\r",
        f"한국어{more}\t발음",
        f"don't{more}\tmat",
    ]
    content = "\n".join([*lines, lines[2], ""])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "lexicon.tsv").write_bytes(content.encode())
        lexicon = read_lexicon(Path(folder), fields)
    assert lexicon is not None
    questions = [
        (f"{text}{more}", most, prefix)
        for text in ("HELLO", "#x", "한국어", "none", " hello", "don’t", " “hello”")
        for most, prefix in ((1, ""), (5, ""), (5, "c"))
    ]
    asked = [[*one, [answer.text for answer in lexicon.find(one[0], one[1], one[2])]] for one in questions]
    sides = [
        {"kind": "text", "ends": field.ends, "folding": {"lower": field.folding.lower, "normal": ""},
         "tokenizer": field.tokenizer.to_json()}
        for field in fields if isinstance(field, TextField)
    ]  # fmt: skip
    return {"source": sides[0], "target": sides[1], "content": content, "asked": asked}

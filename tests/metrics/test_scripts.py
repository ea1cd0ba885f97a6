"""Which tokenizer of BLEU, and which units of TER, suit a writing system."""

from __future__ import annotations

import pytest

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.scripts import bleu_tokenizer
from unspool.metrics.ter import TER

CHAR = [
    "나는 학교에 간다",
    "私は学校に行く",
    "我去学校",
    "ฉันไปโรงเรียน",
    "ຂ້ອຍໄປໂຮງຮຽນ",
    "ကျောင်းသွားတယ်",
    "ខ្ញុំទៅសាលា",
    "སློབ་གྲྭར་འགྲོ།",
]
WORDS = [
    "ወደ ትምህርት ቤት እሄዳለሁ",
    "I go to school",
    "हर दिन स्कूल जाता हूँ",
    "сегодня в школу",
    "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
    "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ",
    "أذهب إلى المدرسة",
    "",
]


@pytest.mark.parametrize(("texts", "tokenizer"), [(CHAR, "char"), (WORDS, "13a")])
def test_bleu_splits_characters_only_where_spaces_do_not_separate_words(texts: list[str], tokenizer: str) -> None:
    assert {text: bleu_tokenizer([text]) for text in texts} == dict.fromkeys(texts, tokenizer)


def test_a_few_names_do_not_decide() -> None:
    assert bleu_tokenizer(["The word 학교 means school", "and 私 means I"]) == "13a"
    assert bleu_tokenizer(["Netflix에서 봤어요 정말 재미있었어요"]) == "char"


def test_ter_splits_japanese_and_counts_words_of_korean() -> None:
    japanese = Evaluation(["私は学校に行く"], [("私は学校に行った",)])
    assert TER.value(TER.outcomes(japanese)) == pytest.approx(100 / 7)
    assert "asian:yes" in TER.signature(japanese)
    korean = Evaluation(["나는 학교에 간다"], [("나는 학교에 갔다",)])
    assert TER.value(TER.outcomes(korean)) == pytest.approx(100 / 3)
    assert "asian:no" in TER.signature(korean)

"""Sentences split into subwords once, so that every toolkit reads the same symbols."""

from __future__ import annotations

from collections.abc import Sequence

SIZE = 8000


def cut(texts: dict[str, list[str]], learn_from: Sequence[str]) -> dict[str, list[str]]:
    """Byte-pair pieces separated by spaces; "▁" marks the beginning of a word. One vocabulary for all texts."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    words = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.Punctuation()])
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=["<unk>"], show_progress=False)
    tokenizer.train_from_iterator((line for name in learn_from for line in texts[name]), trainer)
    return {
        name: [" ".join(encoding.tokens) for encoding in tokenizer.encode_batch(lines)] for name, lines in texts.items()
    }

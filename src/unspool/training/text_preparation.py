"""From running text to everything that a run learns from: one tokenizer, windows, and pieces to validate on."""

from __future__ import annotations

import numpy as np

from unspool.config import DataConfig
from unspool.data.inputs import Files
from unspool.data.running_text import parted, pieces, read_text, windows
from unspool.errors import Mistake
from unspool.text import registry
from unspool.training.preparation import Prepared
from unspool.types import UNK, Tokenizer

# The tokenizers that give every text back as it was.
KINDS = ("chars", "bytes", "jamo")


def prepare_text(files: Files, config: DataConfig, tokenizers: tuple[Tokenizer, ...]) -> Prepared:
    """Read, hold out the end, fit the tokenizer (or keep the given one), cut into windows.

    What is read and what is written are one text, so both sides have the same tokenizer.
    """
    if files.aligned or files.aligned_valid:
        raise Mistake("The model goes on with a text, and parallel files are two.", "Give it one: unspool train FILE")
    training, messages = read_text(files.data), []
    if files.valid:
        validation = read_text(files.valid)
    else:
        training, validation = parted(training, config.held_out)
        held = f"Held out the last {len(validation):,} of {len(training) + len(validation):,} characters"
        messages.append(f"{held} for validation; --valid FILE takes others.")
    tokenizer = (
        tokenizers[0] if tokenizers else registry.fit(_kind(config), [training], size=0, min_count=config.min_count)
    )
    ids, _ = registry.encode_flat(tokenizer, [training])
    unseen = int(np.count_nonzero(registry.encode_flat(tokenizer, [validation])[0] == UNK))
    if unseen:
        messages.append(f"Symbols of the validation text that training never saw: {unseen:,}; they read as <unk>.")
    return Prepared(tokenizer, tokenizer, windows(ids, config.window), pieces(validation), messages)


def _kind(config: DataConfig) -> str:
    """The tokenizer that was asked for, for either side; characters where none was."""
    asked = {config.source_tokenizer, config.target_tokenizer} - {"auto"} or {"chars"}
    if len(asked) > 1 or not asked <= set(KINDS):
        what = f"A running text cannot be read as {' and '.join(sorted(asked))}."
        raise Mistake(what, f"Give one kind that loses nothing: --set data.target_tokenizer={'|'.join(KINDS)}")
    return asked.pop()

"""From files of real values to everything that a run learns from: a scale, a tokenizer, the corpus, examples."""

from __future__ import annotations

import numpy as np

from unspool.config import DataConfig
from unspool.data.arrays import Arrays, read_arrays
from unspool.data.corpus import Example, real_valued_corpus
from unspool.data.inputs import Files
from unspool.data.tables import Pair
from unspool.errors import Mistake
from unspool.text.reals import RealReader
from unspool.training.preparation import Prepared, fit_side
from unspool.types import Form, Tokenizer


def prepare_arrays(files: Files, config: DataConfig, tokenizers: tuple[Tokenizer, ...], form: Form) -> Prepared:
    """Read, hold out, measure the scale and fit the target's tokenizer (or keep the given two), scale and tokenise.

    form: what the model reads and writes
    """
    if form.documents or form.writes == "continuation" or config.source_vectors:
        raise Mistake("The model reads words, and an .npz holds real values.", "Give it text, or choose another model.")
    if form.copies:
        raise Mistake("Real values cannot be copied into a text.", "Leave model.copying out.")
    training, messages = read_arrays(files.data), list[str]()
    if files.valid:
        validation = read_arrays(files.valid)
    else:
        training, validation = training.parted(config.held_out, config.held_out_most)
        messages.append(f"Held out {len(validation.targets):,} sequences for validation; --valid FILE takes others.")
    for arrays in (training, validation):
        _check_targets(arrays)
    source, target = tokenizers or _fit(training, config, form, messages)
    if not isinstance(source, RealReader):
        raise Mistake("The other run read text, and an .npz holds real values.", "Train it afresh, without --from.")
    sequences = [source.scaled(sequence) for sequence in training.sequences]
    corpus = real_valued_corpus(
        sequences, training.targets, target, max_source=config.max_source, max_target=config.max_target, form=form
    )
    together = zip(validation.sequences, validation.targets, strict=True)
    examples = [Example(sequence, (answer,), number) for number, (sequence, answer) in enumerate(together, 1)]
    return Prepared(source, target, corpus, examples, [*messages, *corpus.messages()])


def _fit(arrays: Arrays, config: DataConfig, form: Form, messages: list[str]) -> tuple[RealReader, Tokenizer]:
    pairs = [Pair((), (target,), number) for number, target in enumerate(arrays.targets, 1)]
    kind = {"label": "label", "labels": "words"}.get(form.writes, config.target_tokenizer)
    return RealReader.fit(np.concatenate(arrays.sequences)), fit_side(pairs, pairs, "target", [kind], config, messages)


def _check_targets(arrays: Arrays) -> None:
    for number, target in enumerate(arrays.targets, 1):
        if not target.strip():
            raise Mistake(f"Sequence {number} has no target to learn from.", "Add an array 'targets' to the .npz file.")

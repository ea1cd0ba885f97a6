"""What permitted answers cost: reading a list of them, and answering, beside the same search without them."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.large_vocabulary import in_onnx, in_torch, pair_of, seconds
from unspool.answers.permitted import permit
from unspool.config import DecodingConfig
from unspool.decoding.automaton import SymbolAutomaton
from unspool.decoding.corpus import search_corpus
from unspool.fields.padding import pad
from unspool.fields.text import TextField
from unspool.text.chars import CharTokenizer
from unspool.types import EOS, FIRST_EMITTED, FIRST_LABEL, Array, Stepper

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Both searches write as many symbols: permitted answers are this long, and the model finds an earlier end unlikely.
LENGTH, SOURCE_LENGTH = 12, 12
SEARCHES: dict[str, dict[str, Any]] = {"greedy": {}, "beam 5": {"beam": 5}, "sampling": {"sample": True}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000, help="permitted answers")
    parser.add_argument("--sources", type=int, default=64, help="sources, decoded together")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds, whose median is printed")
    parser.add_argument("--model", default="luong", help="never trained, with its default settings")
    given = parser.parse_args()
    draw = np.random.default_rng(1)
    answers = ["".join(draw.choice([*LETTERS], LENGTH)) for _ in range(given.answers)]
    field, file = TextField(CharTokenizer.fit([LETTERS]), ends=True), Path(tempfile.mkdtemp()) / "allow.txt"
    file.write_text("\n".join(answers))
    begin = time.process_time()
    listed = permit(field, file).automaton
    print(f"{given.answers:,} answers are read in {time.process_time() - begin:.2f} s of processor time")
    begin = time.process_time()
    matched = permit(field, None, f"[a-z]{{{LENGTH}}}").automaton
    print(f"a pattern is made in {time.process_time() - begin:.2f} s of processor time")
    sources = [draw.integers(4, len(field.tokenizer), SOURCE_LENGTH) for _ in range(given.sources)]
    print("| seconds | free | list | pattern | ratios |\n|---|---:|---:|---:|---|")
    engines = {
        "PyTorch": lambda model, known: in_torch(endless(model), known),
        "ONNX Runtime": lambda model, known: in_onnx(endless(model), known, file.parent),
    }
    for engine, made in engines.items():
        [stepper, _] = pair_of(given.model, len(field.tokenizer), made)
        for name, settings in SEARCHES.items():
            spent = [
                seconds(partial(answer, sources=sources, settings=settings, only=only), [stepper], given.rounds)
                for only in (None, listed, matched)
            ]
            ratios = ", ".join(f"{each / spent[0]:.2f}" for each in spent[1:])
            print(f"| {engine}, {name} | {' | '.join(f'{each:.3f}' for each in spent)} | {ratios} |", flush=True)


def endless(model: Any) -> Any:
    """The model, with an end that is very unlikely."""
    import torch

    classes = len(LETTERS) + FIRST_LABEL - FIRST_EMITTED
    [bias] = [each for name, each in model.named_parameters() if name.endswith("bias") and each.shape == (classes,)]
    with torch.no_grad():
        bias[EOS - FIRST_EMITTED] -= 20
    return model


def answer(
    steppers: Sequence[Stepper], *, sources: list[Array], settings: dict[str, Any], only: SymbolAutomaton | None
) -> Any:
    config = DecodingConfig(max_length=LENGTH + 1, batch_symbols=10**9, **settings)
    return search_corpus(steppers[0], sources, config, pad, permitted=only)


if __name__ == "__main__":
    main()

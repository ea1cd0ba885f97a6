"""A network's ideas for the repair of windows of code, and the file that says what its symbols are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from unspool import folder as disk
from unspool.errors import Mistake
from unspool.repair.edits import TokenEdit
from unspool.repair.languages import language_named
from unspool.repair.window import CodeSymbols, CodeWindow

BEAM = 8
# Symbols of an answer: two marks, and the new tokens.
LONGEST = 24


class Predicts(Protocol):
    """A loaded model, as `Model` and `Predictor` are."""

    def predict(self, sources: Iterable[Any], **options: Any) -> Sequence[Any]:
        """The answers to each source."""
        ...


class Candidate(NamedTuple):
    """An edit, its log-probability in nats, and the number of its window."""

    edit: TokenEdit
    log_prob: float
    window: int


class Fixer:
    """A network that reads windows and writes edits, most probable first.

    symbols: what stands for itself in its vocabulary
    beam:    the answers to each window
    """

    def __init__(self, model: Predicts, symbols: CodeSymbols, beam: int = BEAM) -> None:
        self.model, self.symbols, self.beam = model, symbols, beam

    def candidates(self, windows: Sequence[CodeWindow]) -> list[Candidate]:
        """The edits of all windows, each once, the most probable first."""
        sources = [" ".join(window.source) for window in windows]
        answers = self.model.predict(sources, beam=self.beam, n_best=self.beam, max_length=LONGEST)
        found: dict[TokenEdit, Candidate] = {}
        for number, (window, prediction) in enumerate(zip(windows, answers, strict=True)):
            for answer in prediction.hypotheses:
                edit = window.edit(answer.text.split())
                if edit is not None and math.isfinite(answer.score):
                    known = found.get(edit)
                    if known is None or known.log_prob < answer.score:
                        found[edit] = Candidate(edit, answer.score, number)
        return sorted(found.values(), key=lambda candidate: -candidate.log_prob)


def write_symbols(folder: Path, symbols: CodeSymbols) -> None:
    """Record in a trained folder which language it repairs, and which texts are symbols."""
    value = {"language": symbols.language.name, "known": sorted(symbols.known)}
    disk.write_json(folder / disk.REPAIR, value)


def read_symbols(folder: Path) -> CodeSymbols:
    """What `write_symbols` recorded; a folder of another task is a `Mistake`."""
    path = folder / disk.REPAIR
    if not path.exists():
        what = f"{folder} holds no model that repairs code: it has no {disk.REPAIR}."
        raise Mistake(what, "Train one: unspool run repair")
    value = disk.read_json(path)
    known = value.get("known")
    if not isinstance(known, list) or not all(isinstance(text, str) for text in known):
        raise Mistake(f"{path} lists no symbols.", "Train it again: unspool run repair")
    return CodeSymbols(language_named(str(value.get("language"))), frozenset(known))

"""What people hand to a model as the ids that it reads and writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from unspool.config import RunConfig
from unspool.data.copyable import read_copyable
from unspool.data.dictionary import read_dictionary
from unspool.data.documents import read_documents
from unspool.plural import counted
from unspool.errors import Mistake
from unspool.models.registry import form_of
from unspool.text.copying import Copier
from unspool.text.reals import RealReader
from unspool.text.symbols import encode_beginning
from unspool.types import EOS, Array, Copyable, Source, Tokenizer, shortened


class Reader:
    """A model's tokenizers and limits; sources, targets and beginnings of answers come out as ids."""

    def __init__(self, config: RunConfig, source: Tokenizer, target: Tokenizer) -> None:
        self.source, self.target = source, target
        self.model, self.form, self.data = config.model, form_of(config.model, config.settings), config.data
        self.copier = Copier(source, target) if self.form.copies else None

    def sources(self, lines: Sequence[str | Array]) -> list[Source]:
        """Whole texts as ids, or as documents where the model reads those; real values on the scale of training."""
        if isinstance(self.source, RealReader):
            return [self.source.scaled(line) for line in lines]
        texts = [read_as_text(line) for line in lines]
        if self.form.documents:
            return [*read_documents(self.source, texts, self.data.max_sentence)]
        if self.copier:
            return [*read_copyable(self.copier, texts, self.data.max_source)]
        return [*self.ids(texts)]

    def ids(self, texts: Iterable[str]) -> list[Array]:
        """Each text as the source's ids `[S]`."""
        return [np.array(self.source.encode(text), dtype=np.int64) for text in texts]

    def shortened(self, source: Source) -> Source:
        """At most `max_source` items: the first ones, and of running text the last."""
        most = self.data.max_source
        if self.form.writes == "continuation" and isinstance(source, np.ndarray):
            return source[-most:]
        return shortened(source, most)

    def goal(self, text: str, source: Source) -> Array:
        """A target's ids `[T]`, with its EOS where the model writes one; too many or few labels are a `Mistake`."""
        if self.copier and isinstance(source, Copyable):
            ids = self.copier.write(text, source.beyond)
        else:
            ids = self.target.encode(text)
        if self.form.writes == "text":
            return np.array([*ids, EOS], dtype=np.int64)
        wanted = {"label": 1, "labels": len(source)}.get(self.form.writes, max(1, len(ids)))
        if len(ids) != wanted:
            what = f"The target '{text[:60]}' is of {counted(len(ids), 'symbol', 'symbols')}"
            raise Mistake(f"{what}, and the model writes {wanted:,}.", "Mend that pair, or leave it out.")
        return np.array(ids[: self.data.max_source] if self.form.writes == "labels" else ids, dtype=np.int64)

    def written(self, items: Sequence[int], source: Source) -> tuple[Sequence[int], dict[int, str]]:
        """What was written as ids of the vocabulary; where a source's own symbol was copied, UNK and that symbol."""
        if self.copier and isinstance(source, Copyable):
            return self.copier.told(items, source.beyond)
        return items, {}

    def beginnings(self, prefix: str | Sequence[str], count: int, most: int) -> list[Array] | None:
        """The ids that each of `count` answers begins with, fewer than `most`; None where all answers are free.

        prefix: one text for all, or one for each
        """
        given = {prefix} if isinstance(prefix, str) else {*prefix}
        if not any(given):
            return None
        known = {text: self._beginning(text, most) for text in given}
        if isinstance(prefix, str):
            return [known[prefix]] * count
        if len(prefix) != count:
            what = f"There are {counted(len(prefix), 'prefix', 'prefixes')} for {counted(count, 'line', 'lines')}."
            raise Mistake(what, "Give one for all lines, or one for each, empty where an answer is free.")
        return [known[text] for text in prefix]

    def dictionary(self, wanted: str | Path | Mapping[str, str] | None) -> Mapping[str, str] | None:
        """What is written for the words of a source where its answer has an unknown one; None where it stays.

        wanted: "source" (the words themselves), a dictionary or its file
        """
        if wanted is not None and isinstance(self.source, RealReader):
            raise Mistake("There are no words in real values that could stand for unknown ones.", "Leave it out.")
        if wanted is None or isinstance(wanted, Mapping):
            return wanted
        return {} if wanted == "source" else read_dictionary(Path(wanted))

    def _beginning(self, text: str, most: int) -> Array:
        if self.form.writes != "text":
            what = f"A {self.model} writes no answers that could begin with '{text[:60]}'."
            raise Mistake(what, "Leave the prefix out.")
        ids = encode_beginning(self.target, text)
        if len(ids) >= most:
            what = f"The prefix '{text[:60]}' has {counted(len(ids), 'symbol', 'symbols')}, and at most {most:,} are"
            raise Mistake(f"{what} written, the end counted.", "Raise it: --max-length, or max_length=… in Python.")
        return np.array(ids, dtype=np.int64)


def read_as_text(line: str | Array) -> str:
    """The line itself, where it is text."""
    if isinstance(line, str):
        return line
    raise Mistake(f"The model reads text, and got an array of shape {line.shape}.", "Give it a list of texts.")

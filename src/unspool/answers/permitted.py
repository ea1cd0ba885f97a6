"""Which answers a model may give: a list of them, a pattern that their text matches, or both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from unspool.arguments import path_of, text_of, texts_of
from unspool.data.files import read_lines
from unspool.data.lines import without_ending
from unspool.decoding.automaton import FINAL, NEVER, Edges, SymbolAutomaton, trie
from unspool.errors import Mistake
from unspool.fields.field import Field
from unspool.plural import counted
from unspool.text.regular import compiled
from unspool.text.symbol_pattern import symbol_edges
from unspool.types import EOS, UNK, Array

# A file of a permitted answer on each line, or the answers.
Allow: TypeAlias = str | Path | Sequence[str]
# Answers and lines that a message names.
NAMED = 3
KNOWN = "Use only symbols that occur in the targets of its training data."


class Permitted:
    """The permitted answers of a model, ready for any number of searches.

    automaton: what a search follows
    left_out:  a message about answers of the list that the model cannot write; "" if it can write all
    """

    def __init__(self, automaton: SymbolAutomaton, lengths: Array, left_out: str = "") -> None:
        self.automaton, self.left_out, self._lengths = automaton, left_out, lengths

    @property
    def shortest(self) -> int:
        """The least symbols of a permitted answer, EOS included."""
        return int(self.automaton.distances[0])

    def messages(self, most: int) -> list[str]:
        """What to know about answers of at most `most` symbols."""
        longer = int((self._lengths > most).sum())
        cut = f"{counted(longer, 'permitted answer has', 'permitted answers have')} more than {most:,} symbols"
        return [line for line in (self.left_out, f"{cut} and cannot be given: --max-length." * bool(longer)) if line]

    def permits(self, item: Array) -> bool:
        """Whether this answer, with its EOS if it has one, is permitted."""
        return self.automaton.after(item) == self.automaton.final

    def check(self, most: int, prefixes: Sequence[Array], barred: Sequence[Array]) -> None:
        """Raise a `Mistake` if no permitted answer has at most `most` symbols, or begins with one of the prefixes."""
        if self.shortest > most:
            what = (
                f"The shortest permitted answer has {self.shortest:,} symbols, EOS included, and answers have at most"
            )
            raise Mistake(f"{what} {most:,}.", "Raise it: --max-length, or max_length=… in Python.")
        for prefix, banned in {(*prefix,): banned for prefix, banned in zip(prefixes, barred, strict=True)}.items():
            following = self.automaton.permitted(self.automaton.after(np.array(prefix)), most - len(prefix))
            if not np.setdiff1d(following, banned).size:
                what = f"No permitted answer of at most {most:,} symbols begins with the prefix."
                raise Mistake(what, "Change --prefix, or what --allow and --pattern permit.")


def permit(field: Field, allow: Allow | None = None, pattern: str | None = None) -> Permitted:
    """The answers of a list that match a pattern; without a list all that match it.

    field: that of the answers
    allow: a file of lines, in which empty lines are skipped, or a list of texts
    """
    field.check_permitting()
    listed, where = _listed(allow) if allow is not None else (field.every_answer(), "label")
    if listed is None:
        return _matching(field, text_of(pattern, "pattern"))
    if pattern is not None:
        listed = _kept(listed, text_of(pattern, "pattern"), field)
    return _of_list(field, listed, where)


def _listed(allow: Allow) -> tuple[dict[int, str], str]:
    """The answers by their numbers from 1 on, and what a number counts."""
    if not isinstance(allow, str | Path):
        answers, where = dict(enumerate(texts_of(allow, "allow"), 1)), "number"
        if not answers:
            raise Mistake("The list of permitted answers is empty.", "Leave it out, or list answers.")
        return answers, where
    path = path_of(allow, "allow")
    lines = ((number, without_ending(line)) for number, line in enumerate(read_lines(path), 1))
    found = {number: line for number, line in lines if line.strip()}
    if not found:
        raise Mistake(f"{path} has no permitted answers.", "Write one on each line.")
    return found, f"{path}, line"


def _kept(listed: dict[int, str], pattern: str, field: Field) -> dict[int, str]:
    expression = compiled(pattern)
    kept = {number: answer for number, answer in listed.items() if expression.fullmatch(field.read(answer))}
    if not kept:
        answers = counted(len(listed), "permitted answer", "permitted answers")
        what = (
            f"The pattern '{pattern[:60]}' matches none of the {answers}, such as '{next(iter(listed.values()))[:60]}'."
        )
        raise Mistake(what, "A pattern must match a whole answer: '.*ing', not 'ing'.")
    return kept


def _of_list(field: Field, listed: dict[int, str], where: str) -> Permitted:
    _check_columns(field, listed, where)
    values, lengths = field.encode_many(list(map(field.read, listed.values()))).parts[0]
    rows = np.repeat(np.arange(len(lengths)), lengths)
    written = np.ones(len(lengths), dtype=bool)
    written[rows[values == UNK]] = False
    if not field.ends:
        written &= lengths == 1
    left_out = _left_out(field, [pair for pair, can in zip(listed.items(), written, strict=True) if not can], where)
    if not written.any():
        raise Mistake(left_out, KNOWN)
    values, lengths = values[written[rows]], lengths[written]
    if field.ends:
        values, lengths = np.insert(values, np.cumsum(lengths), EOS), lengths + 1
    return Permitted(trie(values.astype(np.int64), lengths), lengths, left_out)


def _check_columns(field: Field, listed: dict[int, str], where: str) -> None:
    """Raise a `Mistake` that names the first answer with a wrong number of columns."""
    columns = len(field.answer_tokenizer().parts)
    wrong = (number for number, answer in listed.items() if answer and answer.count("\t") != columns - 1)
    if columns > 1 and (number := next(wrong, None)):
        found = counted(listed[number].count("\t") + 1, "column", "columns")
        what = f"{where} {number}: the answer '{listed[number][:60]}' has {found}, and the model writes {columns}."
        raise Mistake(what, "Put one tab between two columns.")


def _left_out(field: Field, unwritten: Sequence[tuple[int, str]], where: str) -> str:
    """A line that names the first of the answers that the model cannot write."""
    named = []
    for number, answer in unwritten[:NAMED]:
        unseen = ", ".join(f"'{symbol}'" for symbol in field.unseen(answer)[:NAMED])
        named.append(f"{where} {number}, '{answer[:60]}'" + (f" (it does not know {unseen})" if unseen else ""))
    more = ", …" if len(unwritten) > NAMED else ""
    answers = counted(len(unwritten), "permitted answer", "permitted answers")
    return f"The model cannot write {answers}: {'; '.join(named)}{more}." if unwritten else ""


def _matching(field: Field, pattern: str) -> Permitted:
    found = symbol_edges(pattern, field.answer_tokenizer())
    edges = np.array([(a, item, FINAL if b is None else b) for a, item, b in found.edges], dtype=np.int64).reshape(
        -1, 3
    )
    automaton = SymbolAutomaton(Edges(*edges.T), found.states)
    if automaton.distances[0] >= NEVER:
        what = f"No answer that the model can write matches the pattern '{pattern[:60]}'."
        raise Mistake(what, f"A pattern must match a whole answer. {KNOWN}")
    return Permitted(automaton, np.zeros(0, dtype=np.int64))

"""Tables of examples for the training of fixers and breakers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

from unspool.repair.examples import CodePair, break_by_hand, complains, examples_of
from unspool.repair.language import Critic
from unspool.repair.programs import Program
from unspool.repair.side_by_side import side_by_side
from unspool.repair.window import CodeSymbols
from unspool.storage.atomic import replace

OnDone = Callable[[int], object]


def broken_programs(
    programs: Iterable[Program], times: int, symbols: CodeSymbols, seed: int, done: OnDone, *, evenly: bool = False
) -> Iterator[CodePair]:  # fmt: skip
    """Each program that the critic finds whole, broken this many times by a mistake; see `break_by_hand`."""
    critic = symbols.language.critic(None)

    def broken(numbered: tuple[int, Program]) -> list[CodePair]:
        number, program = numbered
        if program.fixed is None or complains(critic, program.fixed):
            return []
        random = Random(f"{seed} {number}")  # one for each program: threads may take them in any order
        made = (break_by_hand(program.fixed, symbols.language, critic, random, evenly=evenly) for _ in range(times))
        return [pair for pairs in made for pair in pairs]

    for pairs in side_by_side(critic, broken, enumerate(programs)):
        done(1)
        yield from pairs


def real_pairs(programs: Iterable[Program], critic: Critic) -> Iterator[CodePair]:
    """The pairs of programs that people broke and fixed, where the critic finds the fix whole and the other not."""

    def pair(one: Program) -> CodePair | None:
        if one.broken is None or one.fixed is None or complains(critic, one.fixed):
            return None
        found = complains(critic, one.broken)
        return CodePair(one.broken, one.fixed, found[0]) if found else None

    return (found for found in side_by_side(critic, pair, programs) if found is not None)


def write_examples(path: Path, pairs: Iterable[CodePair], symbols: CodeSymbols, seed: int = 1) -> int:
    """Write the examples of pairs, in any order; returns their number."""
    critic, random = symbols.language.critic(None), Random(seed)
    rows = [row for pair in pairs for row in examples_of(pair, critic, symbols, random)]
    return write_rows(path, rows, random)


def write_rows(path: Path, rows: list[tuple[str, str]], random: Random) -> int:
    """Write sources and targets as a table, in any order; returns their number."""
    random.shuffle(rows)
    replace(path, "".join(f"{source}\t{target}\n" for source, target in rows).encode("utf-8", "replace"))
    return len(rows)

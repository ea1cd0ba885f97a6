"""The stages of the recipe repair: tables of examples, fixers and breakers, each in files that a later call finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from unspool import folder as disk
from unspool.data.inputs import Files
from unspool.model import Model
from unspool.recipes.training import Screen, resume, train
from unspool.repair.examples import CodePair, breaking_examples, symbols_of
from unspool.repair.fixer import Fixer
from unspool.repair.language import Complaint
from unspool.repair.programs import Program, Programs
from unspool.repair.rounds import break_programs, fix_programs
from unspool.repair.tables import broken_programs, real_pairs, write_examples, write_rows
from unspool.storage.atomic import replace

# How often a real pair is learned from, beside those that we make.
REAL_TIMES = 4
# Broken programs without a fix that the rounds repair, and programs that a breaker breaks.
POOL, BROKEN = 3000, 12_000
# How often a breaker breaks a validation program.
VALIDATED = 4


class RepairWork(NamedTuple):
    """The programs, and how they are used.

    tested: broken programs that the figures are of
    times:  broken programs that are made of a correct one for training
    evenly: of every mistake as many; where we also make the pool, it stands for people, and how often they make which
            mistake is for the rounds to learn
    """

    programs: Programs
    tested: int = 400
    times: int = 4
    evenly: bool = False


class Stages:
    """What is trained on what.

    out: the folder of the last fixer; stages before it are in `rounds`, and tables in `data`
    """

    def __init__(self, out: Path, work: RepairWork, settings: dict[str, dict[str, Any]], screen: Screen) -> None:
        self.out, self.work, self.settings, self.screen = out, work, settings, screen
        self.programs = work.programs
        self.symbols = symbols_of([one.fixed for one in self.programs.train if one.fixed], self.programs.language)
        self.critic = self.programs.language.critic(None)

    @cached_property
    def pairs(self) -> list[CodePair]:
        """Pairs of training: correct programs that we broke, and real pairs."""
        work = self.work
        made = self._kept("pairs", lambda: self._broken(work.programs.train, work.times, seed=1, evenly=work.evenly))
        return made + self._kept("real", lambda: real_pairs(work.programs.train, self.critic)) * REAL_TIMES

    @cached_property
    def test(self) -> list[CodePair]:
        """Pairs of held-out programs: real ones, or one mistake in each correct program."""
        return self._kept("test", lambda: self._held_out(self.programs.test))[: self.work.tested]

    @cached_property
    def pool(self) -> list[str]:
        """Broken programs, whose fixes are not looked at: people's own, or as people would break them."""
        own = [one.broken for one in self.programs.train if one.broken is not None]
        if own:
            return own[:POOL]
        some = Random(2).sample(self.programs.train, min(POOL, len(self.programs.train)))
        return [pair.broken for pair in self._kept("pool", lambda: self._broken(some, 1, seed=2))]

    def fixer(
        self, number: int, minutes: float, before: Model | None = None, breaker: Model | None = None, *, last: bool
    ) -> Model:  # fmt: skip
        """The fixer of a round, which goes on from the one before with what its breaker broke."""
        table = self._table(f"round-{number}", lambda path: self._write_round(path, number, breaker))
        valid = self._table(
            f"valid-{number}" if number else "valid", lambda path: self._write_valid(path, number, breaker)
        )
        folder = self.out if last else self.out / "rounds" / str(number)
        start = self.out / "rounds" / str(number - 1) if number else None
        return self._trained(folder, Files((table,), (valid,)), minutes, start)

    def breaker(self, number: int, fixer: Model, minutes: float) -> Model:
        """The breaker of a round: it learns from what the fixer repaired."""
        table = self._table(f"breaker-{number}", lambda path: self._write_breaking(path, number, fixer))
        return self._trained(self.out / "rounds" / f"breaker-{number}", Files((table,)), minutes, None)

    def _write_round(self, path: Path, number: int, breaker: Model | None) -> None:
        pairs = self.pairs
        if breaker is not None:
            programs = [one.fixed for one in self.programs.train if one.fixed]
            some = Random(number).sample(programs, min(BROKEN, len(programs)))
            pairs = pairs + self._drawn(some, breaker, 2, number) + self._repaired(number)
        write_examples(path, pairs, self.symbols)

    def _write_valid(self, path: Path, number: int, breaker: Model | None) -> None:
        """In a round also what its breaker breaks: by our own mistakes alone, the fixer before it would stay best."""
        pairs = self._held_out(self.programs.valid)
        if breaker is not None:
            programs = [one.fixed for one in self.programs.valid if one.fixed]
            pairs += self._drawn(programs, breaker, VALIDATED, number)
        write_examples(path, pairs, self.symbols)

    def _drawn(self, programs: list[str], breaker: Model, times: int, seed: int) -> list[CodePair]:
        with self.screen.counting(len(programs), "breaking") as count:
            return list(break_programs(programs, breaker, self.symbols, self.critic, times, seed, count))

    def _write_breaking(self, path: Path, number: int, fixer: Model) -> None:
        with self.screen.counting(len(self.pool), "repairing") as count:
            found = fix_programs(self.pool, Fixer(fixer, self.symbols), self.critic, count)
            pairs = self._kept(f"repaired-{number}", lambda: found)
        self.screen.say(f"{len(pairs):,} of {len(self.pool):,} broken programs repaired by one edit.")
        rows = [row for pair in pairs or self.pairs for row in breaking_examples(pair, self.symbols)]
        write_rows(path, rows, Random(number))

    def _repaired(self, number: int) -> list[CodePair]:
        return self._kept(f"repaired-{number}", lambda: [])

    def _broken(self, programs: list[Program], times: int, seed: int, *, evenly: bool = False) -> list[CodePair]:
        with self.screen.counting(len(programs), "breaking") as count:
            return list(broken_programs(programs, times, self.symbols, seed, count, evenly=evenly))

    def _held_out(self, programs: list[Program]) -> list[CodePair]:
        real = list(real_pairs(programs, self.critic))
        return real or self._broken(Random(3).sample(programs, min(len(programs), 2 * self.work.tested)), 1, seed=3)

    def _trained(self, folder: Path, files: Files, minutes: float, start: Path | None) -> Model:
        if disk.holds_a_run(folder):
            return resume(folder, files, minutes, self.screen)
        return train(folder, files, self.settings, minutes, self.screen, start)

    def _table(self, name: str, write: Callable[[Path], object]) -> Path:
        """A table of examples, which is written once."""
        path = self.out / "data" / f"{name}.tsv"
        if not path.exists():
            write(path)
        return path

    def _kept(self, name: str, made: Callable[[], Iterable[CodePair]]) -> list[CodePair]:
        """Pairs, which are made once and kept."""
        path = self.out / "data" / f"{name}.jsonl"
        if not path.exists():
            replace(path, "".join(json.dumps(pair) + "\n" for pair in made()).encode())
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [CodePair(broken, fixed, said and Complaint(*said)) for broken, fixed, said in rows]

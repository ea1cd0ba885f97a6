"""Repair of code: programs that compile after it, that equal the person's fix, and the distance; baselines beside it.

    python -m benchmarks.quality.repair --data c-repair/tracer-dev.jsonl --out runs/repair-c
    python -m benchmarks.quality.repair --data c-repair/tracer-dev.jsonl --out runs/repair-c2 --without-pairs
    python -m benchmarks.quality.repair --data c-repair/tracer-dev.jsonl --out runs/repair-c3 --without-pairs --rounds 2
    python -m benchmarks.quality.repair --students runs/repair
    python -m benchmarks.quality.repair --library

The first three learn from three quarters of the programs and are measured on the others; a hash of a program's fix says
where it belongs. In rounds, what people broke is known without its fixes. The fourth repairs ten programs as students
write them. The last looks for a file of the standard library that a repair would change.
"""

from __future__ import annotations

import argparse
import ast
import json
import sysconfig
import time
import warnings
from collections import Counter
from pathlib import Path

from benchmarks.quality.students import STUDENTS
from unspool.cli.recipe_screen import RecipeScreen
from unspool.errors import Mistake
from unspool.model import load
from unspool.recipes.repair import SETTINGS, evaluate_all, train_in_rounds
from unspool.recipes.repair_stages import RepairWork, Stages
from unspool.repair.diff import unified_diff
from unspool.repair.fixer import Fixer, read_symbols, write_symbols
from unspool.repair.programs import Programs, read_programs
from unspool.repair.python_code import PYTHON
from unspool.repair.repairer import repair
from unspool.repair.source_file import read_source

TEST = 25


def learn(asked: argparse.Namespace) -> None:
    screen = RecipeScreen()
    programs = read_programs(asked.data, screen.say, TEST)
    if asked.without_pairs:
        programs = without_pairs(programs)
    stages = Stages(asked.out, RepairWork(programs, 10_000, asked.times), SETTINGS, screen)
    first, fixer = train_in_rounds(stages, asked.minutes, asked.rounds)
    write_symbols(asked.out, stages.symbols)
    begun = time.monotonic()
    for name, figures in evaluate_all(stages, fixer, first if asked.rounds else None, screen).items():
        print(name, json.dumps(figures), flush=True)
    print(f"{time.monotonic() - begun:.0f} seconds for the figures")


def without_pairs(programs: Programs) -> Programs:
    """The same programs, but nobody knows which fix belongs to what people broke, except in the test."""
    fixed = [[one._replace(broken=None) for one in part] for part in (programs.train, programs.valid)]
    broken = [one._replace(fixed=None) for one in programs.train]
    return programs._replace(train=fixed[0] + broken, valid=fixed[1])


def students(folder: Path) -> None:
    symbols = read_symbols(folder)
    fixer, critic, right = Fixer(load(folder), symbols), PYTHON.critic(None), 0
    for one in STUDENTS:
        found = repair(one.broken, fixer, critic)
        right += found.text == one.fixed
        print(f"{one.mistake}: {'as a person would' if found.text == one.fixed else 'otherwise'}")
        if found.text != one.fixed:
            print(unified_diff(one.broken, found.text, "program.py"))
    print(f"{right} of {len(STUDENTS)} as a person would")


def library() -> None:
    """Files that the critic is content with are never changed: of those that parse there should be no other."""
    critic, counts, others = PYTHON.critic(None), Counter[str](), []
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py")):
        try:
            whole = not critic.check(read_source(path).text, 1)
        except Mistake:
            counts["refused"] += 1
            continue
        parses = is_tree(path)
        counts["whole" if whole else "broken"] += 1
        others += [str(path.name)] if parses and not whole else []
    print(dict(counts), f"{len(others)} parse and are not left alone:", *others)


def is_tree(path: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return bool(ast.parse(path.read_bytes()))
        except (SyntaxError, ValueError):
            return False


def main() -> None:
    """Do what the options say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, help="a .jsonl with pairs, or a folder of programs; default: Python's library"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/repair-benchmark"))
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--times", type=int, default=4, help="broken programs made of each correct one")
    parser.add_argument("--rounds", type=int, default=0, help="of break-it-fix-it, within the minutes")
    parser.add_argument("--without-pairs", action="store_true", help="learn from programs that we broke alone")
    parser.add_argument("--students", type=Path, metavar="MODEL")
    parser.add_argument("--library", action="store_true")
    asked = parser.parse_args()
    if asked.students:
        students(asked.students)
    elif asked.library:
        library()
    else:
        learn(asked)


if __name__ == "__main__":
    main()

"""Programs to learn repair from: correct ones, and ones that do not compile, with or without a person's fix.

a folder of .py or .c files     functions of Python, whole files of C; files that do not compile are broken programs
a .jsonl of objects             "broken" and "fixed" texts of one program; or only one of them
"""

from __future__ import annotations

import ast
import json
import sysconfig
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from unspool.errors import Mistake
from unspool.repair.code import lines_of
from unspool.repair.language import Language
from unspool.repair.languages import LANGUAGES, language_of
from unspool.repair.python_code import PYTHON

# Lines of a function. A mistake in a longer one is as in a shorter one, and the critic reads it more slowly.
SHORTEST, LONGEST = 3, 60
# Of a hundred files or programs: those for validation and those for the test, by a hash.
VALID, TEST = 5, 15


class Program(NamedTuple):
    """One program. key: its file or program, by which parts are split; either text may be absent."""

    key: str
    fixed: str | None = None
    broken: str | None = None


class Programs(NamedTuple):
    """Programs in three parts, no key in two of them."""

    language: Language
    train: list[Program]
    valid: list[Program]
    test: list[Program]


def read_programs(data: Path | None, say: Callable[[str], None], test: int = TEST) -> Programs:
    """Programs of a folder or a .jsonl; without one, the functions of Python's standard library.

    test: how many of a hundred programs are for the test
    """
    if data is None:
        language, found = PYTHON, list(functions(standard_library(), Path(sysconfig.get_paths()["stdlib"])))
    elif data.is_dir():
        language, found = _of_folder(data)
    else:
        language, found = _of_pairs(data)
    if len(found) < 20:
        what = f"{data} holds {len(found)} programs, and a repair is learned from at least 20."
        raise Mistake(what, "Give more of them.")
    programs = Programs(language, *_parts(found, test))
    say(f"{len(found):,} programs of {language.title}; {len(programs.test):,} held out for the figures at the end.")
    return programs


def _parts(found: list[Program], test: int) -> tuple[list[Program], list[Program], list[Program]]:
    """For training, validation and test; the hash of a key decides, wherever its folder lies."""
    keys = sorted({one.key for one in found}, key=lambda key: blake2b(key.encode("utf-8", "replace")).digest())
    first, second = max(1, len(keys) * test // 100), max(1, len(keys) * VALID // 100)
    part = {key: 2 if rank < first else 1 if rank < first + second else 0 for rank, key in enumerate(keys)}
    train, valid, tested = ([one for one in found if part[one.key] == number] for number in range(3))
    return train, valid, tested


def standard_library() -> list[Path]:
    """The modules of this Python's standard library, without its tests."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    apart = {"site-packages", "dist-packages", "test", "tests", "idle_test", "lib2to3", "pydoc_data", "encodings"}
    return sorted(path for path in folder.rglob("*.py") if not apart.intersection(path.relative_to(folder).parts))


def functions(paths: Iterable[Path], folder: Path) -> Iterator[Program]:
    """The functions and methods of Python files, each as a text of its own; files that do not parse are broken."""
    for path in paths:
        key = path.relative_to(folder).as_posix()
        try:
            text, _ = PYTHON.decode(path.read_bytes(), str(path))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except Mistake:
            continue
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            yield Program(key, broken=text)
            continue
        lines = lines_of(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and SHORTEST <= (node.end_lineno or 0) - node.lineno + 1 <= LONGEST:
                function = textwrap.dedent("".join(lines[node.lineno - 1 : node.end_lineno]))
                if function.startswith("def ") and compiles(function):
                    yield Program(key, fixed=function)


def compiles(text: str) -> bool:
    """Whether a text of Python compiles by itself."""
    return not PYTHON.critic(None).check(text, 1)


def _of_folder(folder: Path) -> tuple[Language, list[Program]]:
    """The programs of the language that most files of a folder are in."""
    suffixes = {suffix: language for language in LANGUAGES.values() for suffix in language.suffixes}
    paths = sorted(path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file())
    if not paths:
        raise Mistake(f"{folder} holds no files that end in {', '.join(suffixes)}.", "Give a folder of source files.")
    counts = {language.name: sum(path.suffix in language.suffixes for path in paths) for language in suffixes.values()}
    language = LANGUAGES[max(counts, key=lambda name: counts[name])]
    paths = [path for path in paths if language_of(path) is language]
    if language is PYTHON:
        return language, list(functions(paths, folder))
    return language, [program for path in paths if (program := _whole(path, folder, language)) is not None]


def _whole(path: Path, folder: Path, language: Language) -> Program | None:
    """The program of a file; None if the critic refuses to read it."""
    key = path.relative_to(folder).as_posix()
    critic = language.critic(path.parent)
    critic.check("", 1)  # a critic that is absent is a `Mistake`
    try:
        text, _ = language.decode(path.read_bytes(), str(path))
        broken = bool(critic.check(text, 1))
    except Mistake:
        return None
    return Program(key, broken=text) if broken else Program(key, fixed=text)


def _of_pairs(path: Path) -> tuple[Language, list[Program]]:
    """Pairs of a .jsonl; the language is Python if more of the fixed programs compile as Python than do not."""
    found = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"), 1):
            value = json.loads(line)
            broken, fixed = (value.get(name) for name in ("broken", "fixed"))
            if not isinstance(fixed or broken, str):
                raise Mistake(
                    f"{path}, line {number}: there is neither 'broken' nor 'fixed'.", "Each line is an object."
                )
            found.append(Program(str(fixed or broken), fixed, broken))
    except (OSError, ValueError, AttributeError) as error:
        if isinstance(error, Mistake):
            raise
        remedy = 'Give a folder of source files, or lines such as {"broken": "…", "fixed": "…"}.'
        raise Mistake(f"{path} cannot be read: {error}.", remedy) from None
    python = sum(compiles(program.fixed) for program in found[:50] if program.fixed)
    language = PYTHON if 2 * python > len(found[:50]) else LANGUAGES["c"]
    return language, found

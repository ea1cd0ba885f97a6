"""Samples that people copy: found in Markdown and in help texts, and run as a reader would run them.

    blocks_of(markdown)      the fenced bash, console and python blocks, each with its line and its remark
    samples_of(markdown)     those that tests run or write
    commands_in(text)        the commands after "$ " prompts, as in a help text's example
    unknown_flags(script)    flags in a script's `unspool` lines that the command line does not know
    lay_out(folder)          the files that every sample may use: pairs.tsv, test.tsv, words.txt
    Desk(folder)             runs commands and Python code in one folder, one after another
    Page(name, text, folder) a whole document on a desk of its own

A remark is an HTML comment on the line before the fence: `<!-- not run: REASON -->` or `<!-- long: N minutes -->`, or
what a reader does with the block: `<!-- file: PATH -->` writes it, `<!-- line: PATH, below TEXT -->` adds it to a file.
`<!-- tests add: WORDS -->` are more words of the block's last command, which make it short where a test runs it.
A page that changes files of the repository runs in a copy of it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warm import programs

REPOSITORY = Path(__file__).resolve().parent.parent
FENCE = re.compile(
    r"^(?:<!--[ ](?P<remark>(?:not[ ]run|long|file|line|tests[ ]add):[ ].+?)[ ]-->\n\n?)?"
    r"^```(?P<language>bash|console|python|toml)[ ]*\n(?P<code>.*?)^```[ ]*$",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
SEPARATORS = {"|", "||", "&&", ";", "&", "(", ")"}
SECONDS = 600
ADDED = "tests add: "


@dataclass(frozen=True)
class Block:
    """One fenced block. `line` is its first line of code, counted from 1; `remark` is empty where none precedes it."""

    line: int
    language: str
    code: str
    remark: str

    @property
    def written(self) -> bool:
        """Whether it becomes a file, or a line of one."""
        return self.remark.startswith(("file: ", "line: "))

    @property
    def script(self) -> str:
        """What a shell is given: of a console block, the commands without what they print."""
        return "\n".join(commands_in(self.code)) if self.language == "console" else self.code

    @property
    def tested(self) -> str:
        """What a test gives to a shell: the script, with the words that tests add."""
        return _with_words(self.script, self.remark) if self.remark.startswith(ADDED) else self.script


def _with_words(script: str, remark: str) -> str:
    return f"{script.rstrip()} {remark.removeprefix(ADDED)}\n"


def blocks_of(markdown: str) -> list[Block]:
    """The blocks in order. Other languages, `text` for instance, are not samples."""
    return [
        Block(
            line=markdown.count("\n", 0, found.start("code")) + 1,
            language=found["language"],
            code=found["code"],
            remark=found["remark"] or "",
        )
        for found in FENCE.finditer(markdown)
    ]


def samples_of(markdown: str) -> list[Block]:
    """The blocks that tests run or write."""
    return [block for block in blocks_of(markdown) if not block.remark.startswith(("not run", "long"))]


def commands_in(text: str) -> list[str]:
    r"""The commands after "$ " prompts, indented or not, with the lines that a trailing backslash adds.

    >>> commands_in("Example:\n  $ unspool models\n  luong  2015")
    ['unspool models']
    """
    commands: list[str] = []
    continued = False
    for line in text.splitlines():
        prompt = re.match(r"\s*\$ (.*)", line)
        if continued:
            commands[-1] += "\n" + line.strip().removeprefix("> ")
        elif prompt:
            commands.append(prompt[1])
        continued = (continued or prompt is not None) and line.endswith("\\")
    return commands


def unknown_flags(script: str) -> list[str]:
    """Each flag of an `unspool` line that `unspool COMMAND --help` does not mention, as "COMMAND --flag"."""
    unknown = []
    for command, *words in _unspool_calls(script):
        known = _flags_of(command)
        flags = (word.partition("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word))
        unknown += [f"{command} {flag}" for flag in flags if flag not in known]
    return unknown


def _unspool_calls(script: str) -> Iterator[list[str]]:
    """The words after each `unspool`, as far as the next pipe, semicolon or line."""
    for line in script.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        call: list[str] | None = None
        for word in [*lexer, ";"]:
            if word in SEPARATORS:
                if call:
                    yield call
                call = None
            elif call is not None:
                call.append(word)
            elif word == "unspool":
                call = []


@functools.cache
def _flags_of(command: str) -> frozenset[str]:
    """The flags in a command's help. Wide and plain, so that none is cut off or coloured."""
    words = ["--help"] if command.startswith("-") else [command, "--help"]
    environment = {**_environment(), "COLUMNS": "300", "TERM": "dumb", "NO_COLOR": "1"}
    told = subprocess.run(["unspool", *words], env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert told.returncode == 0, f"`unspool {' '.join(words)}` failed:\n{told.stderr}"
    return frozenset(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", told.stdout))


def _environment(*first: Path) -> dict[str, str]:
    """Ours, with the programs of these folders and those beside this interpreter found first."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([*map(str, first), str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def copy_repository(folder: Path) -> None:
    """What a reader who changes the package works in."""
    for name in ("src", "tests", "benchmarks"):
        shutil.copytree(REPOSITORY / name, folder / name)  # with what is compiled, so that it need not be again
    shutil.copy(REPOSITORY / "pyproject.toml", folder)


def lay_out(folder: Path) -> None:
    """Made-up words and the same spelled backwards: 200 pairs in pairs.tsv, 40 others in test.tsv and words.txt."""
    draw = random.Random(0)
    words: dict[str, None] = {}
    while len(words) < 240:
        words["".join(draw.choice("bdklmnprst") + draw.choice("aeiou") for _ in range(draw.randint(1, 4)))] = None
    made = list(words)
    for name, some in (("pairs.tsv", made[:200]), ("test.tsv", made[200:])):
        (folder / name).write_text("".join(f"{word}\t{word[::-1]}\n" for word in some), encoding="utf-8")
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in made[200:]), encoding="utf-8")


@dataclass
class Desk:
    """A folder with the sample data, where commands and code run one after another, as a reader types them."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        lay_out(self.folder)

    def shell(self, script: str) -> str:
        """Run a script with the programs of this environment first on the path; what it wrote to stdout."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=_environment(programs()) | {"PYTHONPATH": str(self.folder / "src")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, f"exit {done.returncode}:\n{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def python(self, code: str, name: str = "<sample>", line: int = 1) -> None:
        """Run code in the names that earlier code left; a traceback shows the document's own line numbers."""
        with contextlib.chdir(self.folder):
            exec(compile("\n" * (line - 1) + code, name, "exec"), self.names)


class Page:
    """A document. Its samples run in order, in one folder; asking for one first runs those before it, once."""

    def __init__(self, name: str, text: str, folder: Path) -> None:
        self.name = name
        self.blocks = samples_of(text)
        self.desk = Desk(folder)
        self.done = 0
        if any(block.remark.startswith(("file: src/", "line: src/")) for block in self.blocks):
            copy_repository(folder)

    def run(self, block: Block) -> None:
        """Run up to and including `block`. After a failure those after it fail with the same message."""
        while self.done <= self.blocks.index(block):
            self._run_one(self.blocks[self.done])
            self.done += 1

    def _run_one(self, block: Block) -> None:
        if block.written:
            self._write(block)
        elif block.language == "python":
            self.desk.python(block.code, self.name, block.line)
        else:
            self.desk.shell(block.tested)

    def _write(self, block: Block) -> None:
        verb, _, where = block.remark.partition(": ")
        path, _, above = where.partition(", below ")
        file = self.desk.folder / path
        if verb == "file":
            file.write_text(block.code, encoding="utf-8")
            return
        before, found, after = file.read_text(encoding="utf-8").partition(above + "\n")
        assert found, f"{path} has no line '{above}'"
        file.write_text(before + found + block.code + after, encoding="utf-8")

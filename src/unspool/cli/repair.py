"""`unspool repair`: source files that do not compile, as a diff that repairs them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspool.cli.processor import Threads, use_threads
from unspool.errors import Mistake
from unspool.screens.console import say, write

if TYPE_CHECKING:
    from unspool.repair.fixer import Fixer
    from unspool.repair.language import Complaint, Language
    from unspool.repair.repairer import Repaired
    from unspool.repair.source_file import SourceFile

NOT_WHOLE = 3
RUNS = Path("runs")


def repair(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Source files: Python (.py) or C (.c).")],
    model: Annotated[
        Path | None, typer.Option(help="The folder of a model that repairs. Default: the one of 'unspool run repair'.")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--write", help="Write the repair into the file; the old file is kept as FILE.orig.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is wrong; needs no model, and changes nothing.")
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="The longest that a file may take.")] = 10.0,
    beam: Annotated[int, typer.Option(min=1, max=50, help="Ideas of the model for each place.")] = 8,
    threads: Threads = None,
) -> None:
    """Repair code that does not compile: print a unified diff, or write the file.

    A file that compiles is left alone. Exit code: 0 if every file is whole, after its repair too; 3 if one is not.
    """
    use_threads(threads)
    from unspool.repair.source_file import read_source

    fixers: dict[str, Fixer] = {}
    whole, refused = True, list[Mistake]()
    for source in [read_source(path) for path in files]:
        try:
            complaints = _complaints(source)
        except Mistake as mistake:
            refused.append(mistake)
            continue
        if not complaints or check:
            _say_all(source.path, complaints)
            whole &= not complaints
            continue
        fixer = fixers.setdefault(source.language.name, _fixer(source.language, model, beam))
        whole &= _repaired(source, fixer, seconds, in_place).whole
    for one in refused[:-1]:
        say(f"{one.what}\n{one.remedy}")
    if refused:
        raise refused[-1]
    if not whole:
        raise typer.Exit(NOT_WHOLE)


def _complaints(source: SourceFile) -> list[Complaint]:
    """What the critic says; its own `Mistake` begins with the file."""
    try:
        return source.language.critic(source.path.parent).check(source.text)
    except Mistake as mistake:
        raise Mistake(f"{source.path}: {mistake.what}", mistake.remedy) from None


def _repaired(source: SourceFile, fixer: Fixer, seconds: float, in_place: bool) -> Repaired:
    """Repair one file, and print or write it."""
    from unspool.repair.diff import unified_diff
    from unspool.repair.repairer import BOUNDS
    from unspool.repair.repairer import repair as repair_text
    from unspool.repair.source_file import write_source

    critic = source.language.critic(source.path.parent)
    found = repair_text(source.text, fixer, critic, BOUNDS._replace(seconds=seconds))
    if found.edits and in_place:
        kept = write_source(source, found.text)
        say(f"{source.path}: repaired by {found.edits} edits; the old file is {kept}.")
    elif found.edits:
        source.encoded(found.text)  # what the file cannot hold is said before the diff
        write(unified_diff(source.text, found.text, _shown(source.path)).removesuffix("\n"))
    _say_all(source.path, found.after)
    if found.stopped:
        say(f"{source.path}: {found.stopped}; the limit is --seconds.")
    return found


def _shown(path: Path) -> str:
    """The name in a diff: as `patch -p1` finds the file from here, or without its root."""
    absolute, here = Path(os.path.abspath(path)), Path.cwd()  # without its .., and links stay
    return absolute.relative_to(here if absolute.is_relative_to(here) else absolute.anchor).as_posix()


def _say_all(path: Path, complaints: Sequence[Complaint]) -> None:
    for one in complaints:
        say(f"{path}:{one.line}:{one.column}: {one.message}")


def _fixer(language: Language, folder: Path | None, beam: int) -> Fixer:
    """The model for a language, from the folder that was given or that the recipe wrote."""
    from unspool.model import load
    from unspool.repair.fixer import Fixer, read_symbols

    folder = folder or _trained_for(language)
    symbols = read_symbols(folder)
    if symbols.language is not language:
        what = f"The model in {folder} repairs {symbols.language.title}, and this is {language.title}."
        raise Mistake(what, "Give a model for it: --model DIR")
    return Fixer(load(folder), symbols, beam)


def _trained_for(language: Language) -> Path:
    """The first of runs/repair, runs/repair-… that repairs this language."""
    from unspool.repair.fixer import read_symbols

    for folder in sorted(RUNS.glob("repair*")):
        if (folder / "repair.json").exists() and read_symbols(folder).language is language:
            return folder
    how = "unspool run repair" if language.name == "python" else "unspool run repair --data FOLDER_OF_C_PROGRAMS"
    raise Mistake(
        f"There is no model yet that repairs {language.title}.", f"Train one: {how}. Or give one: --model DIR"
    )

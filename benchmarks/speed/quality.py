"""Time to quality: minutes until a given WER on CMUdict is reached, by Unspool's configuration and by a peer."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.speed import jobs, results, settings
from benchmarks.speed.processes import Failed, environment, listen, run
from benchmarks.speed.tools.registry import TOOLS
from benchmarks.speed.tools.tool import Plan, Shipped, update_of

EXACT = re.compile(r"(?<!best )exact match (\d+\.\d+)")
CONFIG = Path(__file__).parents[2] / "configs" / "cmudict-quick.toml"
OURS = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
DROPOUT = OURS["model"]["dropout"]
BATCH, GREEDY_BATCH, REPORT_EVERY = 256, 128, 50
# Minutes and WER in percent, one after another.
Course = Iterator[tuple[float, float]]
NOTES = (
    "Minutes from the start of the program; WER is that of greedy answers to held-out words; any listed answer is "
    "right.",
    f"Unspool: `unspool train` with configs/{CONFIG.name}, its own validations included in its time. It judges at most "
    "the 2,500 words that the configuration asks for.",
    f"The peer: two layers on either side, dropout {DROPOUT} as ours, batches of 256 words, Adam; its rate is halved "
    "every so many updates. Its checkpoints are decoded afterwards, and that time is not counted.",
)


def main() -> None:
    parser = settings.parser(__doc__, ("eole",))
    parser.add_argument("--wer", type=float, default=26.0, help="percent; reached when the WER is no higher")
    parser.add_argument("--minutes", type=float, default=40.0, help="of a peer, at most")
    parser.add_argument("--schedule", type=float, default=OURS["training"]["max_minutes"],
                        help="minutes that Unspool's rate falls over; default: those of its configuration")  # fmt: skip
    parser.add_argument("--save-every", type=int, default=250, help="updates between checkpoints of the peer")
    parser.add_argument("--halve-every", type=int, default=1500, help="updates between halvings of the peer's rate")
    parser.add_argument("--questions", type=int, default=2500, help="held-out words decoded at each checkpoint")
    given = parser.parse_args()
    print(f"{1 + len(given.tools)} tools, at most {given.minutes:.0f} minutes for a peer; decoding on top.", flush=True)
    tools = settings.tools_of(given)
    courses = {"Unspool": ours(given)} | {tool.name: theirs(name, given) for name, tool in tools.items()}
    followed = {name: followed_to(given.wer, name, course) for name, course in courses.items()}
    rows = [row(name, points, given.wer) for name, points in followed.items()]
    whole = [f"{name}, minutes and WER: {told(points)}." for name, points in followed.items()]
    kept = {"WER": given.wer, "minutes": given.minutes, "peer's rate halved every": given.halve_every}
    kept |= {"peer's size": given.size, "Unspool's schedule, minutes": given.schedule, "GOMP_SPINCOUNT": given.spin}
    print(results.keep("quality-g2p", [TOOLS["unspool"], *tools.values()], kept, rows, [*whole, *NOTES]))


def followed_to(wer: float, name: str, course: Course) -> list[tuple[float, float]]:
    """The course of a run until it is good enough, or to its end."""
    points = []
    for minutes, reached in course:
        print(f"{name:<12} {minutes:6.1f} minutes  WER {reached:5.1f} %", flush=True)
        points.append((minutes, reached))
        if reached <= wer:
            break
    return points


def row(name: str, points: list[tuple[float, float]], wer: float) -> results.Row:
    """A tool's line of the table: its minutes if it was good enough, and its best WER."""
    minutes = next((minutes for minutes, reached in points if reached <= wer), None)
    best = min((reached for _, reached in points), default=None)
    return {"tool": name, f"minutes to WER {wer:g} %": minutes, "WER %": best}


def told(points: list[tuple[float, float]]) -> str:
    """A course in words."""
    return ", ".join(f"{minutes:.1f} {reached:.1f} %" for minutes, reached in points) or "none was judged"


def ours(given: argparse.Namespace) -> Course:
    """The command line as a user would call it; it stops if its output is no longer read."""
    table = given.data / "g2p" / "cmudict-g014b2b"
    command = [
        sys.executable, "-m", "unspool", "train", f"{table}.train.tsv", "--valid", f"{table}.dev.tsv",
        "--config", str(CONFIG), "--out", str(settings.folder("runs", "quality-unspool")), "--overwrite",
        "--max-minutes", str(given.schedule),
    ]  # fmt: skip
    begun = time.perf_counter()
    for seconds, line in listen(command, environment(given.spin), settings.folder("runs") / "quality-unspool.txt"):
        if found := EXACT.search(line):
            yield (seconds - begun) / 60, 100 - float(found[1])


def theirs(name: str, given: argparse.Namespace) -> Course:
    """Train until the time is over, then decode the checkpoints one after the other."""
    tool, env = TOOLS[name], environment(given.spin)
    job = replace(settings.job_of(given), layers=2, dropout=DROPOUT, batch=BATCH, halve_every=given.halve_every)
    data, folder = settings.folder("data", "quality"), settings.folder("runs", f"quality-{name}")
    jobs.write(job, data, given.questions)
    shutil.rmtree(folder)
    folder.mkdir()
    tool.prepare(job, data, folder, Plan(10**6, min(REPORT_EVERY, given.save_every), given.save_every))
    begun = time.perf_counter()
    minutes: dict[int, float] = {}
    try:
        for seconds, line in listen(tool.training(folder), env, folder / "log.txt"):
            if reading := tool.reading(line):
                minutes[reading.update] = (seconds - begun) / 60
            if seconds - begun > 60 * given.minutes:
                break
    except Failed as failed:
        print(failed)
    for checkpoint in tool.checkpoints(folder):
        answers = folder / "answers.txt"
        command = tool.decoding(Shipped(name, checkpoint), data / "questions.source", answers, 1, GREEDY_BATCH)
        try:
            run(command, env, folder / "decode.txt")
        except Failed as failed:  # the last one may be incomplete
            print(failed)
            continue
        yield minutes[update_of(checkpoint)], job.quality(_lines(answers))[1]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()

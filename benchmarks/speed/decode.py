"""Comparison of decoding: seconds for a file of sources, greedy and with a beam, each tool at its best batch size."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speed import jobs, models, results, settings
from benchmarks.speed.processes import Failed, environment, run
from benchmarks.speed.tools.tool import Shipped, Tool
from benchmarks.speed.trace import spread

DEFAULT = ("unspool", "unspool-feeding", "opennmt", "eole", "joeynmt", "marian", "ctranslate2")
QUESTIONS = {"g2p": 2000, "multi30k": 1000}
NOTES = (
    "Every model learned the same pairs for the same number of updates at the same sizes (the Transformer for ten "
    "times as many; other differences: see the training table); the quality is that of the timed answers.",
    "Seconds: of decoding alone, as the tool prints it; if it prints none, the whole process minus the same "
    "process with a single line. `process` is the whole program, its start and loading included.",
    "Batch: the fastest of several sizes, tried in the first round; lines for the peers, source symbols times beam "
    "for Unspool.",
    "OpenNMT-py and eole have no row in int8: `-precision int8` of the one (3.5.1) changes nothing, since it "
    "compares a word with a type; `-compute_dtype int8` of the other (0.6.4) does not start.",
)


@dataclass
class Contestant:
    """A model of one tool, and its measurements."""

    tool: Tool
    shipped: Shipped
    batch: int = 0
    seconds: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)
    quality: tuple[str, float] | None = None


class Course:
    """The sources that all tools decode."""

    def __init__(self, job: jobs.Job, data: Path, count: int, beam: int, spin: str) -> None:
        self.job, self.count, self.beam, self.env = job, count, beam, environment(spin)
        self.folder = settings.folder("answers", f"{job.name}-beam{beam}")
        self.sources, self.single = data / "questions.source", self.folder / "single.source"
        jobs.put(self.single, self.sources.read_text(encoding="utf-8").splitlines()[:1])

    def take(self, contestant: Contestant, batch: int) -> tuple[float, float]:
        """Seconds of decoding and of the whole process; the quality of the answers is measured."""
        tool, shipped = contestant.tool, contestant.shipped
        answers, log = self.folder / "answers.txt", self.folder / "log.txt"
        answers.unlink(missing_ok=True)
        process, printed = run(tool.decoding(shipped, self.sources, answers, self.beam, batch), self.env, log)
        contestant.quality = self.job.quality(answers.read_text(encoding="utf-8").splitlines())
        seconds = tool.seconds(printed)
        if seconds is None:
            start, _ = run(tool.decoding(shipped, self.single, answers, self.beam, batch), self.env, log)
            seconds = process - start
        return seconds, process

    def tune(self, contestant: Contestant) -> None:
        """Find the fastest batch size."""
        seconds = {batch: self.take(contestant, batch)[0] for batch in contestant.tool.batches}
        contestant.batch = min(seconds, key=lambda batch: seconds[batch])

    def row(self, contestant: Contestant) -> results.Row:
        """A line of the table."""
        metric, value = contestant.quality or ("quality", float("nan"))
        time = spread(contestant.seconds)
        return {
            "tool": contestant.shipped.name, "beam": self.beam, "seconds": time["median"], "least": time["min"],
            "most": time["max"], "process": spread(contestant.process)["median"], "batch": contestant.batch,
            metric: value,
        }  # fmt: skip


def main() -> None:
    parser = settings.parser(__doc__, DEFAULT)
    parser.add_argument("--rounds", type=int, default=3, help="how many times each model decodes, alternately")
    parser.add_argument("--updates", type=int, default=1000, help="of training, once for each tool")
    parser.add_argument("--questions", type=int, help="sources to decode; default: 2,000 words or 1,000 sentences")
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 5])
    given = parser.parse_args()
    job, tools = settings.job_of(given), settings.tools_of(given)
    count = min(given.questions or QUESTIONS[job.task], len(job.questions(len(job.dev))))
    minutes = len(tools) * (given.rounds + 3) * len(given.beams) * 0.3
    print(f"Training of models not there yet: about {given.updates * 0.33 / 60:.0f} minutes each.")
    print(f"Decoding: about {minutes:.0f} minutes.", flush=True)
    data = settings.folder("data", job.folder)
    jobs.write(job, data, count)
    found = [
        (tool, shipped)
        for name, tool in tools.items()
        for shipped in models.trained(name, tool, job, data, given.updates, given.spin)
    ]
    rows = [row for beam in given.beams for row in race(found, Course(job, data, count, beam, given.spin), given)]
    kept = {"job": job.name, "pairs": len(job.train), "updates": given.updates, "questions": count}
    kept |= {"rounds": given.rounds, "GOMP_SPINCOUNT": given.spin}
    print(results.keep(f"decode-{job.name}", list(tools.values()), kept, rows, NOTES))


def race(found: list[tuple[Tool, Shipped]], course: Course, given: argparse.Namespace) -> list[results.Row]:
    """All tools alternately, in several rounds; a tool that fails is reported and left out."""
    contestants = [Contestant(tool, shipped) for tool, shipped in found]
    for round_ in range(given.rounds):
        for contestant in list(contestants):
            try:
                if not contestant.batch:
                    course.tune(contestant)
                seconds, process = course.take(contestant, contestant.batch)
            except Failed as failed:
                print(f"{contestant.shipped.name} failed.\n{failed}", flush=True)
                contestants.remove(contestant)
                continue
            contestant.seconds.append(seconds)
            contestant.process.append(process)
            print(f"beam {course.beam} round {round_ + 1}  {contestant.shipped.name:<36} {seconds:7.2f} s", flush=True)
    return [course.row(contestant) for contestant in contestants]


if __name__ == "__main__":
    main()

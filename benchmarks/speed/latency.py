"""Comparison of latency: milliseconds for one word at a time with a loaded model, greedy and with a beam."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median, quantiles

from benchmarks.speed import jobs, models, results, settings
from benchmarks.speed.processes import Failed, environment, run
from benchmarks.speed.tools.tool import Shipped, Tool

DEFAULT = ("unspool", "unspool-feeding", "opennmt", "eole", "joeynmt", "ctranslate2")
# Questions of each round that are not timed (`inside/*`).
WARM_UP = 10
NOTES = (
    "One call of each tool's Python interface for each line: `Model.predict([word])` of Unspool, `infer_list([word])` "
    "of OpenNMT-py and eole, `translate([word])` of JoeyNMT, `translate_batch([symbols])` of CTranslate2.",
    "Ten calls warm up. Rounds alternate between the tools; the figures are over all calls of all rounds.",
)


def main() -> None:
    parser = settings.parser(__doc__, DEFAULT)
    parser.add_argument("--rounds", type=int, default=3, help="how many times each tool answers all words, alternately")
    parser.add_argument("--updates", type=int, default=1000, help="of training, once for each tool")
    parser.add_argument("--questions", type=int, default=200, help="words, one by one")
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 5])
    given = parser.parse_args()
    if given.questions <= WARM_UP:
        parser.error(f"give --questions more than {WARM_UP}, which only warm up")
    job, tools = settings.job_of(given), settings.tools_of(given)
    minutes = len(tools) * given.rounds * len(given.beams) * (10 + 0.03 * given.questions) / 60
    print(f"Models as in benchmarks.speed.decode; after them about {minutes:.0f} minutes.", flush=True)
    data = settings.folder("data", job.folder)
    jobs.write(job, data, given.questions)
    found = [
        (tool, shipped)
        for name, tool in tools.items()
        for shipped in models.trained(name, tool, job, data, given.updates, given.spin)
    ]
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(given.rounds):
        for tool, shipped in found:
            for beam in given.beams:
                spent = one_at_a_time(tool, shipped, data / "questions.source", beam, given.spin)
                times.setdefault((shipped.name, beam), []).extend(spent)
    rows = [row(name, beam, spent) for (name, beam), spent in times.items() if spent]
    rows.sort(key=lambda row: row["beam"])
    kept = {"job": job.name, "questions": given.questions, "rounds": given.rounds, "GOMP_SPINCOUNT": given.spin}
    print(results.keep(f"latency-{job.name}", list(tools.values()), kept, rows, NOTES))


def one_at_a_time(tool: Tool, shipped: Shipped, source: Path, beam: int, spin: str) -> list[float]:
    """Milliseconds of each line; none if the tool has no such call or fails."""
    command = tool.one_at_a_time(shipped, source, beam)
    if command is None:
        return []
    try:
        _, printed = run(command, environment(spin), settings.folder("answers") / "latency.txt")
    except Failed as failed:
        print(f"{shipped.name} failed.\n{failed}", flush=True)
        return []
    report = next(line for line in reversed(printed.splitlines()) if line.startswith("milliseconds"))
    times: list[float] = json.loads(report.removeprefix("milliseconds"))
    print(f"beam {beam}  {shipped.name:<36} {median(times):7.2f} ms", flush=True)
    return times


def row(name: str, beam: int, times: list[float]) -> results.Row:
    """A line of the table."""
    return {"tool": name, "beam": beam, "median ms": median(times), "95 % within ms": quantiles(times, n=20)[-1]}


if __name__ == "__main__":
    main()

"""Comparison of training speed: target symbols a second and the loss after equal numbers of updates, alternately."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks.speed import jobs, results, settings
from benchmarks.speed.processes import Failed, environment, listen
from benchmarks.speed.tools.registry import TOOLS
from benchmarks.speed.tools.tool import Plan, Tool
from benchmarks.speed.trace import Trace, follow, spread

REPORT_EVERY = 10
QUIET_SECONDS = 60  # the start and end of a run on two cores, besides its updates of about 0.3 s
OURS = ("unspool", "unspool-fp32", "unspool-feeding", "unspool-feeding-fp32")
DEFAULT = (*OURS, "opennmt", "eole", "eole-bf16", "joeynmt")
NOTES = (
    "Speed: by one clock for all, over the updates after the warm-up; EOS is counted, padding is not.",
    "Loss: nats a target symbol over the last half of the updates (JoeyNMT: of the last batch), and on the "
    "first 1,000 held-out pairs. No tool has dropout, smoothing, decay or averaging here; all have Adam, the same "
    "constant rate and the same norm of clipping; their own initial weights and orders of data.",
    "Batches: a number of pairs (128 words, 64 sentences) for the peers; Unspool fills a budget of symbols, chosen so "
    "that its batches hold as many pairs on average. OpenNMT-py leaves out pairs whose source is in the batch already.",
    "OpenNMT-py, eole, JoeyNMT and `Unspool luong (input feeding)` compute the same recurrence: input feeding, "
    "additive attention after the state; OpenNMT-py and eole without a tanh on the attentional state, eole with "
    "positions added to embeddings that it scales by √D. `Unspool bahdanau` attends before it moves on, and a maxout "
    "layer of twice the size comes after it; Marian's encoder is twice as wide (one size for each direction) and its "
    "decoder has two cells.",
    "OpenNMT-py and eole compute the attention's keys again at every step, eole reads padding in the encoder, "
    "JoeyNMT does not sort by length.",
)


def main() -> None:
    parser = settings.parser(__doc__, DEFAULT)
    parser.add_argument("--rounds", type=int, default=3, help="how many times each tool trains, alternately")
    parser.add_argument("--updates", type=int, default=120, help="in all, the warm-up included")
    parser.add_argument("--warm-up", type=int, default=20, help="updates that are not timed")
    given = parser.parse_args()
    if given.updates < given.warm_up + REPORT_EVERY or given.warm_up < REPORT_EVERY:
        parser.error(f"reports come every {REPORT_EVERY} updates: give --warm-up at least as many, and --updates more")
    job, tools = settings.job_of(given), settings.tools_of(given)
    seconds = given.rounds * len(tools) * (QUIET_SECONDS + 0.3 * given.updates)
    print(f"{len(tools)} tools, {given.rounds} rounds: about {seconds / 60:.0f} minutes", flush=True)
    data = settings.folder("data", job.folder)
    jobs.write(job, data, questions=1)
    traces: dict[str, list[Trace]] = {name: [] for name in tools}
    for _ in range(given.rounds):
        for name in list(traces):
            try:
                traces[name].append(measure(name, tools[name], job, data, given))
            except Failed as failed:
                print(f"{name} failed and is left out.\n{failed}", flush=True)
                del traces[name]
    rows = [row(TOOLS[name], found, given) for name, found in traces.items()]
    kept = {"job": job.name, "pairs": len(job.train), "updates": given.updates, "warm-up": given.warm_up}
    kept |= {"rounds": given.rounds, "GOMP_SPINCOUNT": given.spin}
    notes = [*against(traces, tools, given.warm_up), *NOTES]
    print(results.keep(f"train-{job.name}", list(tools.values()), kept, rows, notes))


def measure(name: str, tool: Tool, job: jobs.Job, data: Path, given: argparse.Namespace) -> Trace:
    """One tool's training in one round."""
    folder = settings.folder("runs", f"{job.folder}-{name}")
    shutil.rmtree(folder)
    folder.mkdir()
    tool.prepare(job, data, folder, Plan(given.updates, report_every=REPORT_EVERY, save_every=given.updates))
    trace = follow(tool, listen(tool.training(folder), environment(given.spin), folder / "log.txt"))
    held_out = "–" if trace.held_out is None else f"{trace.held_out:.3f}"
    print(f"{name:<22} {trace.speed(given.warm_up):7,.0f} symbols/s, held out {held_out}", flush=True)
    return trace


def row(tool: Tool, traces: list[Trace], given: argparse.Namespace) -> results.Row:
    """A tool's line of the table."""
    speed = spread([trace.speed(given.warm_up) for trace in traces])
    losses = [trace.held_out for trace in traces if trace.held_out is not None]
    return {
        "tool": tool.name,
        "symbols/s": speed["median"],
        "least": speed["min"],
        "most": speed["max"],
        "rounds": len(traces),
        "loss, last half": spread([trace.loss(given.updates // 2) for trace in traces])["median"],
        "loss, held out": spread(losses)["median"] if losses else None,
    }


def against(traces: dict[str, list[Trace]], tools: dict[str, Tool], warm_up: int) -> list[str]:
    """Each of ours compared with the fastest peer, round by round."""
    speeds = {name: [trace.speed(warm_up) for trace in found] for name, found in traces.items()}
    peers = {name: spread(found)["median"] for name, found in speeds.items() if tools[name].home}
    if not peers:
        return []
    best = max(peers, key=lambda name: peers[name])
    lines = []
    for name in (name for name in speeds if not tools[name].home):
        ratio = spread([ours / theirs for ours, theirs in zip(speeds[name], speeds[best], strict=True)])
        lines.append(
            f"**{tools[name].name} : {tools[best].name}, the fastest peer = {ratio['median']:.2f}** "
            f"({ratio['min']:.2f} to {ratio['max']:.2f} over the rounds)"
        )
        print(lines[-1])
    return lines


if __name__ == "__main__":
    main()

"""The options of all commands of the speed benchmarks."""

from __future__ import annotations

import argparse
import os
import random
from dataclasses import replace
from pathlib import Path

from benchmarks.speed import jobs
from benchmarks.speed.processes import SPIN, THREADS
from benchmarks.speed.tools.registry import TOOLS, ready
from benchmarks.speed.tools.tool import PEERS, Tool
from unspool.cli.processor import configure_process


def parser(description: str | None, tools: tuple[str, ...]) -> argparse.ArgumentParser:
    """Job, data, size and tools."""
    parsed = argparse.ArgumentParser(description=description)
    parsed.add_argument("--job", choices=jobs.NAMES, default="g2p", help="see benchmarks/speed/jobs.py")
    parsed.add_argument("--data", type=Path, default=Path("../shared/data"), help="holds the folders g2p and multi30k")
    parsed.add_argument("--size", type=int, default=512, help="of encoder (both directions), decoder and attention")
    parsed.add_argument("--tools", nargs="+", default=list(tools), choices=list(TOOLS), metavar="TOOL",
                        help=f"of {', '.join(TOOLS)}; default: {' '.join(tools)}")  # fmt: skip
    parsed.add_argument("--pairs", type=int, help="train on this number of random pairs; for trial runs")
    parsed.add_argument("--spin", default=SPIN, help="GOMP_SPINCOUNT of every tool: turns before a thread sleeps")
    return parsed


def begun(parsed: argparse.ArgumentParser) -> argparse.Namespace:
    """The options of a benchmark that runs PyTorch itself; PyTorch is loaded here, as in our command line."""
    given = parsed.parse_args()
    os.environ["GOMP_SPINCOUNT"] = given.spin
    configure_process()
    import torch

    torch.set_num_threads(THREADS)
    return given


def job_of(given: argparse.Namespace) -> jobs.Job:
    """The job of the command line."""
    try:
        job = jobs.job(given.job, given.data, given.size)
    except FileNotFoundError as missing:
        raise SystemExit(f"{missing.filename} is missing. --data is the folder that holds g2p and multi30k.") from None
    if given.pairs:
        job = replace(job, train=random.Random(1).sample(job.train, given.pairs))
    return job


def tools_of(given: argparse.Namespace) -> dict[str, Tool]:
    """The requested tools that are installed; the others are reported."""
    for name in given.tools:
        if not ready(name):
            print(f"{name} is not installed: python -m benchmarks.speed.install {TOOLS[name].home}")
    return {name: TOOLS[name] for name in given.tools if ready(name)}


def folder(*names: str) -> Path:
    """A folder for the files of tools, inside the folder of the peers' environments."""
    path = PEERS.joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path

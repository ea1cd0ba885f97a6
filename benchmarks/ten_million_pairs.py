"""`unspool train` on ten million pairs: its memory over time, and the time until the first update.

The limit: training needs less than 1.5 GiB of resident memory in total. Only for Linux: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

RULE = 1536
SYMBOLS, BLOCK = 8, 1_000_000
SECONDS_BETWEEN = 0.25


def write_pairs(path: Path, pairs: int) -> None:
    """Write rows of random letters and their reversal, in blocks of bytes."""
    generator = np.random.default_rng(1)
    with path.open("wb") as file:
        for begin in range(0, pairs, BLOCK):
            rows = np.full((min(BLOCK, pairs - begin), 2 * SYMBOLS + 2), ord("\t"), dtype=np.uint8)
            rows[:, :SYMBOLS] = generator.integers(ord("a"), ord("z") + 1, (len(rows), SYMBOLS), dtype=np.uint8)
            rows[:, SYMBOLS + 1 : -1] = rows[:, SYMBOLS - 1 :: -1]
            rows[:, -1] = ord("\n")
            file.write(rows.tobytes())


def resident(process: int) -> float:
    """The resident memory of a process in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def processor_seconds(process: int) -> float:
    """CPU seconds of a process so far, over all its threads: on a busy machine more reliable than wall time."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_report(out: Path) -> dict[str, Any] | None:
    """The first line of the training's metrics."""
    try:
        lines = (out / "metrics.jsonl").read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return None
    return json.loads(lines[0]) if lines and lines[0].endswith("\n") else None


def watch(command: list[str], out: Path) -> dict[str, Any]:
    """Run a training; returns MiB over time, and the seconds until the first update."""
    begun, samples, learning, used = time.monotonic(), [], None, 0.0
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            samples.append((time.monotonic() - begun, resident(process.pid)))
            if learning is None and (report := first_report(out)):
                learning = time.monotonic() - begun - report["seconds"]
                used = processor_seconds(process.pid)
            time.sleep(SECONDS_BETWEEN)
    if process.returncode or learning is None:
        sys.exit(f"unspool ended with {process.returncode}, first report: {learning}")
    return {
        "seconds_to_first_update": round(learning, 1),
        "processor_seconds_to_first_report": round(used, 1),
        "peak_preparing": round(max(memory for second, memory in samples if second < learning)),
        "peak_learning": round(max(memory for second, memory in samples if second >= learning)),
        "peak": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "resident": [(round(second, 1), round(memory)) for second, memory in samples],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000_000)
    parser.add_argument("--model", default="luong")
    parser.add_argument("--minutes", type=float, default=1.0, help="of learning")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "pairs.tsv", Path(folder) / "run"
        write_pairs(table, options.pairs)
        command = [sys.executable, "-m", "unspool", "train", str(table), "--out", str(out), "--model", options.model]
        figures = watch([*command, "--max-minutes", str(options.minutes)], out)
    if options.json:
        options.json.write_text(json.dumps({"pairs": options.pairs, "model": options.model} | figures) + "\n")
    print(f"{options.pairs:,} pairs, {options.model}: first update after {figures['seconds_to_first_update']:.0f} s")
    print(f"Processor seconds until about a second later: {figures['processor_seconds_to_first_report']:.0f}")
    print(f"MiB resident at most: {figures['peak_preparing']:,} preparing, {figures['peak_learning']:,} learning")
    print(f"Peak {figures['peak']:,} MiB; the rule: {RULE:,} MiB")
    sys.exit(figures["peak"] > RULE)


if __name__ == "__main__":
    main()

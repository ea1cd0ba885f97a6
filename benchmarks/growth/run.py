"""Growth of time and memory: each point in a separate process; a picture, a table and the slopes of the curves."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.growth.axes import AXES, MODELS
from benchmarks.growth.pictures import picture, table
from benchmarks.speed.results import RESULTS, machine

POINT_MINUTES = 15
EXPLAINED = """Each point is a process of its own, float32. Seconds are those of the processor, the median of {rounds}
rounds or more (preparing: one). MiB: the process's peak less what it had before the model was built (preparing: before
the table was read). The slope is fitted to the upper half of a curve on logarithmic scales; 1 means twice as much for
twice the value."""


def measure(point: dict[str, Any]) -> dict[str, Any] | None:
    """A point with its figures; None, with a message, if it fails or takes too long."""
    label = f"{point['axis']} {point['value']:,} {point['model']}"
    threads = {"OMP_NUM_THREADS": str(point["threads"]), "GOMP_SPINCOUNT": "5000"}
    command = [sys.executable, "-m", "benchmarks.growth.point", json.dumps(point)]
    try:
        ended = subprocess.run(
            command, env=os.environ | threads, capture_output=True, text=True, timeout=60 * POINT_MINUTES
        )
    except subprocess.TimeoutExpired:
        print(f"{label}: more than {POINT_MINUTES} minutes, left out", flush=True)
        return None
    if ended.returncode:
        print(f"{label}: failed: {(ended.stderr.strip().splitlines() or ['?'])[-1]}", flush=True)
        return None
    point |= json.loads(ended.stdout.splitlines()[-1])
    print(f"{label}: {point['seconds']:.4g} s, {point['mib']:,.0f} MiB", flush=True)
    return point


def keep(points: list[dict[str, Any]], rounds: int, threads: int) -> Path:
    """Write `results/DATE-growth.json`, the page and the picture."""
    now = datetime.now(UTC)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M}-growth.json"
    RESULTS.mkdir(exist_ok=True)
    command = " ".join(["python -m benchmarks.growth.run", *sys.argv[1:]])
    place = machine() | {"threads": threads}
    record = {"date": now.isoformat(timespec="seconds"), "command": command, "machine": place, "points": points}
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    picture(points, path.with_suffix(".png"))
    heading = [f"# Growth, {record['date']}", f"`{command}`", f"{place['cpu']}, threads: {threads}."]
    page = [*heading, EXPLAINED.format(rounds=rounds), table(points), f"![curves]({path.stem}.png)"]
    path.with_suffix(".md").write_text("\n\n".join(page) + "\n", encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--axis", nargs="+", choices=AXES, default=list(AXES))
    parser.add_argument("--models", nargs="+", default=list(MODELS))
    parser.add_argument("--quick", action="store_true", help="few and small values")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--most", type=int, help="no value above this, as in --axis pairs --most 1000000")
    options = parser.parse_args()
    wanted = [point for name in options.axis for point in AXES[name].points(tuple(options.models), options.quick)]
    wanted = [point | {"rounds": options.rounds, "threads": options.threads} for point in wanted]
    kept = [point for point in wanted if not options.most or point["value"] <= options.most]
    points = [measured for point in kept if (measured := measure(point))]
    if not points:
        sys.exit("Nothing was measured.")
    path = keep(points, options.rounds, options.threads)
    print(table(points), f"Written to {path} (.md, .png)", sep="\n")


if __name__ == "__main__":
    main()

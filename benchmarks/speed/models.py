"""Trained models of all tools for decoding: trained once, stored in benchmarks/.peers/models."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from benchmarks.speed import jobs, settings
from benchmarks.speed.processes import Failed, environment, listen
from benchmarks.speed.tools.tool import Plan, Shipped, Tool
from benchmarks.speed.trace import follow

FACTS = "trained.json"


def trained(name: str, tool: Tool, job: jobs.Job, data: Path, updates: int, spin: str) -> list[Shipped]:
    """The tool's models after this number of updates; trained now if they are not stored yet."""
    folder = settings.folder("models", f"{job.folder}-{name}")
    updates *= tool.longer
    wanted = {"updates": updates, "pairs": len(job.train)}
    facts = folder / FACTS
    if not facts.exists() or json.loads(facts.read_text()) != wanted:
        shutil.rmtree(folder)
        folder.mkdir()
        tool.prepare(job, data, folder, Plan(updates, report_every=10, save_every=updates))
        print(f"{name}: training for {updates} updates", flush=True)
        try:
            follow(tool, listen(tool.training(folder), environment(spin), folder / "log.txt"))
        except Failed as failed:
            print(f"{name} failed.\n{failed}", flush=True)
            return []
        facts.write_text(json.dumps(wanted))
    try:
        return tool.shipped(folder)
    except subprocess.CalledProcessError as failed:
        print(f"{name} could not be made ready: {failed}", flush=True)
        return []

"""A run's figures as JSON, and a Markdown table of them."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.speed.processes import THREADS
from benchmarks.speed.tools.tool import Tool, program

RESULTS = Path(__file__).parents[1] / "results"
FLAGS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8")

Row = dict[str, Any]


def command() -> str:
    """The command of this run, from the root of the repository."""
    module = Path(sys.argv[0]).resolve().relative_to(RESULTS.parents[1]).with_suffix("")
    return " ".join([f"python -m {'.'.join(module.parts)}", *sys.argv[1:]])


def machine() -> dict[str, Any]:
    """The CPU, its cores, and its number types with hardware products."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    flags = facts.get("flags", "").split()
    return {
        "cpu": facts.get("model name") or platform.processor() or platform.machine(),
        "cores": sum(line.startswith("processor") for line in lines) or None,
        "flags": [flag for flag in FLAGS if flag in flags],
        "threads": THREADS,
        "system": platform.platform(),
    }


def versions(tools: Sequence[Tool]) -> dict[str, str]:
    """The versions in each tool's environment, PyTorch's included."""
    found = {"python": platform.python_version(), "torch": metadata.version("torch")}
    for tool in tools:
        if tool.package not in found:
            found[tool.package] = _version(tool)
    return found


def _version(tool: Tool) -> str:
    if not tool.home:
        import unspool

        return unspool.__version__
    asked = f"from importlib.metadata import version; print(version({tool.package!r}))"
    return subprocess.run([program(tool.home), "-c", asked], capture_output=True, text=True).stdout.strip()


def keep(what: str, tools: Sequence[Tool], settings: dict[str, Any], rows: list[Row], notes: Sequence[str]) -> Path:
    """Write `results/DATE-WHAT.json` and the table next to it; the table is also printed."""
    now = datetime.now(UTC)
    record = {
        "what": what, "date": now.isoformat(timespec="seconds"), "command": command(), "machine": machine(),
        "versions": versions(tools), "settings": settings, "notes": list(notes), "rows": rows,
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M}-{what}.json"
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(document(record), encoding="utf-8")
    print(table(rows))
    return path


def document(record: dict[str, Any]) -> str:
    """The page of one run."""
    place, settings = record["machine"], record["settings"]
    lines = [
        f"# {record['what']}, {record['date']}", "",
        f"`{record['command']}`", "",
        f"{place['cpu']}, {place['cores']} cores ({', '.join(place['flags'])}), {place['threads']} threads a tool.",
        "Versions: " + ", ".join(f"{name} {version}" for name, version in record["versions"].items()) + ".",
        "Settings: " + ", ".join(f"{name} {value}" for name, value in settings.items()) + ".", "",
        table(record["rows"]), "",
    ]  # fmt: skip
    return "\n".join(lines + [f"- {note}" for note in record["notes"]]) + "\n"


def table(rows: list[Row]) -> str:
    """Rows with the same keys, as Markdown."""
    if not rows:
        return "(nothing was measured)"
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, ["---" if isinstance(rows[0].get(name), str) else "---:" for name in names]]
    cells += [[_cell(row.get(name)) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return str(value)

"""Install the peers of the speed benchmarks, each in its own virtual environment (minutes, 1.5 GB each)."""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv

from benchmarks.speed.tools.registry import TOOLS
from benchmarks.speed.tools.tool import PEERS, Tool, program


def install(tool: Tool) -> None:
    """A new environment; the file `installed` marks success."""
    print(f"Installing {tool.name} into {PEERS / tool.home}", flush=True)
    venv.create(PEERS / tool.home, clear=True, with_pip=True)
    for arguments in tool.install:
        pip = [program(tool.home), "-m", "pip", "--require-virtualenv", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, *arguments], check=True)
    (PEERS / tool.home / "installed").touch()


def main() -> None:
    peers = {tool.home: tool for tool in reversed(TOOLS.values()) if tool.home}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(peers)}; default: those not there yet")
    names = parser.parse_args().names or [home for home in peers if not (PEERS / home / "installed").exists()]
    if unknown := set(names) - set(peers):
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(peers)}")
    for name in names:
        try:
            install(peers[name])
        except subprocess.CalledProcessError as error:
            print(f"{name} could not be installed: pip ended with {error.returncode}.", file=sys.stderr)
    print("Ready: " + ", ".join(home for home in peers if (PEERS / home / "installed").exists()))


if __name__ == "__main__":
    main()

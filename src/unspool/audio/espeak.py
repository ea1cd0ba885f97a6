"""Speech that the program espeak-ng makes: https://github.com/espeak-ng/espeak-ng."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from unspool.errors import Mistake

PROGRAM = "espeak-ng"
INSTALL = "Install it: apt install espeak-ng, or brew install espeak-ng."


def refuse_without_espeak() -> None:
    """Raise a `Mistake` if the program is not there."""
    if shutil.which(PROGRAM) is None:
        raise Mistake(f"The voices come from the program {PROGRAM}, which is not installed.", INSTALL)


def speak(text: str, voice: str, path: Path) -> None:
    """Write a WAV of a text; voice: as `espeak-ng --voices` lists them, with a variant: en-us+f3."""
    refuse_without_espeak()
    said = subprocess.run([PROGRAM, "-v", voice, "-w", str(path), "--", text], capture_output=True, text=True)
    if said.returncode or not path.exists():
        reason = " ".join(said.stderr.split())[:160]
        raise Mistake(f"{PROGRAM} did not speak with the voice {voice}: {reason}", f"See: {PROGRAM} --voices")

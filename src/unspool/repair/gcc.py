"""The GNU C compiler as critic: it reads C, makes no file and runs nothing of it."""

from __future__ import annotations

import re
import shutil
from functools import cached_property
from pathlib import Path

from unspool.errors import Mistake
from unspool.repair.language import Complaint
from unspool.repair.limits import MEGABYTES, SECONDS, run_limited

# C as students write it: gets exists. A function that nothing declares is a misspelt one, and would fail to link.
STANDARD = "-std=gnu99"
FLAGS = (
    "-fsyntax-only", "-x", "c", STANDARD, "-Werror=implicit-function-declaration", "-fno-diagnostics-show-caret",
    "-fno-diagnostics-show-option", "-fmax-errors=20", "-fno-diagnostics-color", "-ftrack-macro-expansion=0",
)  # fmt: skip
ERROR = re.compile(r"^<stdin>:(\d+):(?:(\d+):)? (?:fatal )?error: (.*)$", re.MULTILINE)
ANYWHERE = re.compile(r"^.*?: (?:fatal )?error: (.*)$", re.MULTILINE)
# An include that is no file beside the source or of the system: an absolute path, or one that leads out of a folder.
INCLUDE = re.compile(
    r"""^[ \t]*(?:#|%:|\?\?=)[ \t]*(?:include|include_next|import|embed)\b[ \t]*("[^"\r\n]*"|<[^>\r\n]*>|[^\r\n]*)""",
    re.MULTILINE,
)
OUTSIDE = re.compile(r"""["<][ \t]*/|\.\.""")
REMEDY = "Look at what it includes and at its macros; nothing was changed."


class GccCritic:
    """`gcc -fsyntax-only` with limits of time, memory and files, and without a shell.

    folder: where headers of the source's own are
    """

    runs_a_program = True
    hides_errors = True

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    @cached_property
    def command(self) -> list[str]:
        """What is run; a `Mistake` if gcc is absent."""
        gcc = shutil.which("gcc")
        if gcc is None:
            raise Mistake("The repair of C needs gcc, which is not installed.", "Run: apt install gcc (or dnf, brew)")
        beside = [] if self.folder is None else ["-iquote", str(self.folder.absolute())]
        return [gcc, *FLAGS, *beside, "-"]

    def check(self, text: str, at_most: int = 10) -> list[Complaint]:
        """See `Critic`."""
        for found in INCLUDE.finditer(text.replace("\\\r\n", "").replace("\\\n", "")):
            if OUTSIDE.search(found[1]):
                what = f"It includes a file outside its folder: {found.group().strip()[:80]}"
                raise Mistake(what, "Include headers of the system, or files beside the source.")
        ended = run_limited(self.command, text.encode("utf-8", "surrogateescape"))
        if not ended.finished or ended.code < 0 or "out of memory" in ended.written:
            what = f"gcc needs more than {SECONDS} seconds or {MEGABYTES} MB to read it."
            raise Mistake(what, REMEDY)
        if ended.code == 0:
            return []
        complaints = [
            Complaint(int(line), int(column or 1), message.rstrip())
            for line, column, message in ERROR.findall(ended.written)
        ]
        if not complaints:
            inside = ANYWHERE.search(ended.written)
            complaints = [Complaint(1, 1, inside.group(1) if inside else "gcc failed")]
        return complaints[:at_most]

"""Python's own parser as critic: it runs nothing."""

from __future__ import annotations

import ast
import warnings

from unspool.errors import Mistake
from unspool.repair.code import lines_of
from unspool.repair.language import Complaint

REMEDY = "Nothing was changed. Take its innermost parts apart by hand."


class PythonCritic:
    """Python's parser, which stops at the first error.

    To count errors, the line of each is replaced by a statement that does nothing, and the rest is parsed again.
    """

    runs_a_program = False
    hides_errors = False

    def check(self, text: str, at_most: int = 10) -> list[Complaint]:
        """See `Critic`."""
        found: list[Complaint] = []
        while len(found) < at_most:
            complaint = first_complaint(text)
            if complaint is None:
                break
            if complaint in found:  # a line that cannot be silenced
                break
            found.append(complaint)
            silenced = _without(text, complaint.line) if len(found) < at_most else text
            if silenced == text:
                break
            text = silenced
        return found


def first_complaint(text: str) -> Complaint | None:
    """What Python says of a source; None if it parses. A `Mistake` if it is nested more deeply than Python reads."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        # What parses and does not compile, such as a return outside of a function, is no slip of the fingers.
        if _parses(text):
            return None
        return Complaint(max(error.lineno or 1, 1), max(error.offset or 1, 1), error.msg)
    except (MemoryError, RecursionError) as error:
        raise Mistake("It is nested more deeply than Python can read.", REMEDY) from error
    except (ValueError, OverflowError) as error:  # a NUL, or a number with too many digits
        return Complaint(1, 1, str(error))
    return None


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<source>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return True


def _without(text: str, line: int) -> str:
    """The text with a statement that does nothing on this line; a block below it stays a block."""
    lines = lines_of(text)
    number = min(line, len(lines)) - 1
    if number < 0:
        return text
    old = lines[number]
    indent = old[: len(old) - len(old.lstrip(" \t"))]
    following = next((one for one in lines[number + 1 :] if one.strip()), "")
    deeper = len(following) - len(following.lstrip(" \t")) > len(indent)
    ending = old[len(old.rstrip("\r\n")) :]
    lines[number] = indent + ("if 1:" if deeper else "pass") + ending
    return "".join(lines)

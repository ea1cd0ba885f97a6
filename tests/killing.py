"""Killing at a known moment: work ends at its n-th change of a name on the disk, as if the process had been killed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

CHANGES = ("replace", "rename", "link", "unlink", "rmdir", "mkdir")


class Killed(BaseException):
    """The process ends here. Nothing that follows changes the disk, not even what cleans up."""


def killed_after(changes: int, work: Callable[[], Any]) -> bool:
    """Whether the work came to its end; otherwise it was ended before one more change than these."""
    left = changes

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def change(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            if left <= 0:
                raise Killed
            left -= 1
            return original(*arguments, **options)

        return change

    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            patch.setattr(os, name, counted(getattr(os, name)))
        try:
            work()
        except Killed:
            return False
    return True

"""Typed, validated, frozen settings."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

# Marks a setting that is chosen for the data and the time given, unless it is set: `Annotated[int, CHOSEN]`.
CHOSEN: Final = "chosen"


class Settings(BaseModel):
    """Typed, validated, frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, protected_namespaces=())

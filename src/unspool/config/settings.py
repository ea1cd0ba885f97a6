"""Typed, validated, frozen settings."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

# Larger whole numbers are refused: they are mistakes, and arrays count in 64 bits.
LARGEST = 2**53


class Settings(BaseModel):
    """Typed, validated, frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, protected_namespaces=())

    @field_validator("*")
    @classmethod
    def _fits_into_arrays(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse whole numbers that are too large, unless the setting has a limit of its own."""
        limits = cls.model_fields[info.field_name].metadata if info.field_name else []
        limited = any(hasattr(limit, "lt") or hasattr(limit, "le") for limit in limits)
        if isinstance(value, int) and not limited and abs(value) > LARGEST:
            raise ValueError(f"It can be at most {LARGEST:,}")
        return value

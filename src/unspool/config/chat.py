"""Settings of conversations: what a reply is made from."""

from __future__ import annotations

from pydantic import Field

from unspool.config.settings import Settings


class ChatConfig(Settings):
    """How the lines of a conversation become sources. Training data and `unspool chat` must agree on it."""

    turns: int = Field(
        default=1, ge=1, le=100, description="lines of a conversation that a reply is made from, the newest included"
    )
    separator: str = Field(default=" ␞ ", min_length=1, max_length=20, description="text between two of these lines")

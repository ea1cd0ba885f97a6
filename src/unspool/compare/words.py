"""The words of the report, from `words.toml`."""

from __future__ import annotations

from unspool.report.texts import texts_of


class Words:
    """One language: `words("needed", model="luong")`, and names as they are shown."""

    def __init__(self, language: str) -> None:
        self.language, self._texts = language, texts()[language]

    def __call__(self, key: str, **places: object) -> str:
        """A text with its places filled."""
        return self._texts[key].format(**places)

    def metric(self, name: str) -> str:
        """A metric's name."""
        return self._texts[f"metric_{name}"]

    def system(self, name: str) -> str:
        """A rival's name in words; a model's name is its own."""
        return self._texts.get(f"rival_{name}", name)


def texts() -> dict[str, dict[str, str]]:
    """All texts by language and key."""
    return texts_of("unspool.compare")

"""MODEL by its name: a folder, a model that comes with the package (`g2p-en`), or one of the Hub (`hub:OWNER/NAME`).

A folder of the name in the current directory goes before a model of the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from unspool.hub_models import CARD, fetch_model, hub_model

# A folder for each model of the package: an export, with its card README.md.
BUNDLED = Path(__file__).parent / "bundled"


def bundled_models() -> Iterator[str]:
    """The names of the models that come with the package."""
    return (card.parent.name for card in sorted(BUNDLED.glob(f"*/{CARD}")))


def title_of(name: str) -> str:
    """The title of a model of the package, from its card: its name, and what it does."""
    lines = (BUNDLED / name / CARD).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("# ")).removeprefix("# ")


def find_model(given: Path) -> Path:
    """The folder of a model; of the Hub's, the copy on this machine, which is downloaded if it is not there.

    What is neither of the Hub nor of the package is a path, and stays as it is.
    """
    if (of_hub := hub_model(given)) is not None:
        return fetch_model(of_hub)
    return BUNDLED / given.name if is_bundled(given) else given


def is_bundled(given: Path) -> bool:
    """Whether this names a model of the package, and no file or folder here."""
    return str(given) == given.name and not given.exists() and given.name in bundled_models()

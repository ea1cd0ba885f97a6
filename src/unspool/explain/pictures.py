"""Access to matplotlib: figures without a screen, with fonts for East Asian text."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspool.errors import MissingExtra
from unspool.storage.atomic import replace
from unspool.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Fonts with Hangul, Han and Kana, as systems name them; the first installed one is used after the default font.
EAST_ASIAN = (
    "Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Nanum Gothic", "Malgun Gothic", "Apple SD Gothic Neo",
    "AppleGothic", "UnDotum", "Baekmuk Gulim", "Source Han Sans KR", "Noto Sans CJK JP", "WenQuanYi Zen Hei",
)  # fmt: skip

# Of a letter of a title; those of East Asian text are wider, and then the title is still inside.
LETTER_INCHES = 0.17


def new_figure(size: tuple[float, float]) -> tuple[Figure, Axes]:
    """A figure with one plot, `size` in inches."""
    try:
        from matplotlib import font_manager, rcParams
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("Drawing a picture", "train") from None
    rcParams["font.family"] = ["DejaVu Sans", *_east_asian(font_manager)[:1]]
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.add_subplot()


def _east_asian(fonts: Any) -> list[str]:
    """The installed fonts for East Asian text, also one that was installed after the library kept its list of fonts."""
    found = [name for name in EAST_ASIAN if name in set(fonts.get_font_names())]
    if found:
        return found
    known = {font.fname for font in fonts.fontManager.ttflist}
    for path in sorted({*fonts.findSystemFonts()} - known):
        with suppress(Exception):  # a file that is no font that can be read
            fonts.fontManager.addfont(path)
    return [name for name in EAST_ASIAN if name in set(fonts.get_font_names())]


def save(figure: Figure, path: Path) -> list[str]:
    """Write a PNG; returns a message if symbols have no installed font."""
    content = io.BytesIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(content, format="png", dpi=160)
    replace(path, content.getvalue())
    missing = [warning for warning in caught if "missing from font" in str(warning.message)]
    if not missing:
        return []
    return [f"{path} shows boxes for symbols without an installed font; for Korean, install fonts-nanum or Noto CJK."]


def shortened(title: str, inches: float) -> str:
    """A title that fits into a picture of so many inches: its middle is left out, and its end stays."""
    most = max(24, int(inches / LETTER_INCHES))
    if len(title) <= most:
        return title
    return f"{title[: most // 2]} … {title[-(most // 2) + 3 :]}"


def signed_colours() -> Any:
    """Colours from orange over white to blue, as on pages: for weights from -1 to 1."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signed", ["#d65d0e", "#ffffff", "#2662a6"])


def readable_on(weight: float) -> str:
    """The text colour on a blue cell of this weight, 0 to 1."""
    return "white" if weight > 0.55 else "#274060"


def labels(symbols: Iterable[str]) -> list[str]:
    """Symbols as axis labels, with a visible sign for a space."""
    return [visible(symbol).replace(" ", "␣") or "∅" for symbol in symbols]

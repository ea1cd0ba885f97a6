"""A formula as HTML: `h_t = tanh(W x_t + U h_{t-1})` with indices below, exponents above, and letters in italics."""

from __future__ import annotations

import re

from unspool.report.tables import shown

_PART = re.compile(r"([_^])(?:\{([^}]*)\}|(\S))|([A-Za-z\u0370-\u03ff]+)|(.)", re.DOTALL)
_TAGS = {"_": "sub", "^": "sup"}


def formula_html(text: str) -> str:
    """A paragraph. An index or exponent is one character, or several in braces; words of several letters are upright.

    >>> formula_html("h_t = tanh(W x_t)")
    '<p class="formula"><i>h</i><sub><i>t</i></sub> = tanh(<i>W</i> <i>x</i><sub><i>t</i></sub>)</p>'
    """
    return f'<p class="formula">{_html(text)}</p>'


def _html(text: str) -> str:
    parts = []
    for mark, braced, single, letters, other in _PART.findall(text):
        if mark:
            parts.append(f"<{_TAGS[mark]}>{_html(braced or single)}</{_TAGS[mark]}>")
        elif letters:
            parts.append(f"<i>{letters}</i>" if len(letters) == 1 else letters)
        else:
            parts.append(shown(other))
    return "".join(parts)

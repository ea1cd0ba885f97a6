"""Python: its tokens, its critic, its files."""

from __future__ import annotations

import keyword
import tokenize
from io import BytesIO
from pathlib import Path

from unspool.errors import Mistake
from unspool.repair.code import NAME, Lexer
from unspool.repair.language import Critic, Language
from unspool.repair.python_critic import PythonCritic
from unspool.repair.python_mistakes import MISTAKES

STRING = "|".join((
    r'"""(?:[^\\"]|\\.|"(?!""))*+"""', r"'''(?:[^\\']|\\.|'(?!''))*+'''",
    r'"(?!"")(?:[^"\\\r\n]|\\.)*+"', r"'(?!'')(?:[^'\\\r\n]|\\.)*+'", r'""(?!")', r"''(?!')",
))  # fmt: skip
NUMBER = r"0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?"
OPERATOR = (
    r"\*\*=|//=|>>=|<<=|\.\.\.|->|:=|==|!=|<=|>=|\+=|-=|\*=|/=|%=|&=|\|=|\^=|@=|\*\*|//|<<|>>|<>|&&|\|\||\+\+|--|"
    r"[-+*/%@&|^~<>=()\[\]{},:;.]"
)
LEXER = Lexer(
    (("comment", r"#[^\r\n]*"), ("string", STRING), ("number", NUMBER), ("name", NAME), ("operator", OPERATOR)),
    ('"""', "'''", '"', "'"),
    frozenset(("r", "b", "f", "u", "rb", "br", "rf", "fr")),
)
KEYWORDS = frozenset(keyword.kwlist)
BUILTINS = frozenset((
    "abs", "all", "any", "bool", "dict", "enumerate", "filter", "float", "input", "int", "isinstance", "len",
    "list", "map", "max", "min", "object", "open", "print", "range", "reversed", "round", "set", "sorted", "str",
    "sum", "super", "tuple", "type", "zip", "self", "append", "format", "join", "split", "strip", "Exception",
    "ValueError", "TypeError", "KeyError", "IndexError",
))  # fmt: skip


def critic(folder: Path | None = None) -> Critic:
    """Python's compiler needs nothing of a file's folder."""
    return PythonCritic()


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text of a file, and its encoding: the one that it names, or UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
        return content.decode(encoding), encoding
    except (SyntaxError, UnicodeDecodeError):
        what = f"{name} is not UTF-8, and its first lines name no encoding that it has."
        raise Mistake(what, "Save it as UTF-8, or name its encoding: # -*- coding: latin-1 -*-") from None


PYTHON = Language(
    name="python",
    title="Python",
    suffixes=(".py", ".pyw"),
    lexer=LEXER,
    keywords=KEYWORDS,
    words=KEYWORDS | BUILTINS,
    mistakes=MISTAKES,
    critic=critic,
    decode=decode,
    indents=True,
)

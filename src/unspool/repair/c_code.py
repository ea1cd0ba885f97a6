"""C: its tokens, its critic, its files."""

from __future__ import annotations

from pathlib import Path

from unspool.repair.c_mistakes import MISTAKES
from unspool.repair.code import NAME, Lexer
from unspool.repair.gcc import GccCritic
from unspool.repair.language import Critic, Language

STRING = r'"(?:[^"\\\r\n]|\\.)*+"' + "|" + r"'(?:[^'\\\r\n]|\\.){1,4}+'" + "|" + r"<[A-Za-z_][\w./]*\.h>"
NUMBER = r"0[xX][\da-fA-F]+[uUlL]*|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFlLuU]*"
OPERATOR = (
    r"<<=|>>=|\.\.\.|->|==|!=|<=|>=|=>|=<|&&|\|\||\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|##|"
    r"[-+*/%&|^~<>=!?()\[\]{},:;.#]"
)
LEXER = Lexer(
    (
        ("comment", r"//[^\r\n]*|/\*(?:[^*]|\*(?!/))*+\*/"),
        ("string", STRING), ("number", NUMBER), ("name", NAME), ("operator", OPERATOR),
    ),
    ("/*", '"'),
    frozenset(("l", "u", "u8")),
)  # fmt: skip
KEYWORDS = frozenset((
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
    "float", "for", "goto", "if", "inline", "int", "long", "register", "return", "short", "signed", "sizeof",
    "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "include", "define",
))  # fmt: skip
TYPES = frozenset((
    "char", "const", "double", "float", "int", "long", "short", "signed", "static", "struct", "unsigned", "void",
))  # fmt: skip
FUNCTIONS = frozenset((
    "main", "printf", "scanf", "gets", "puts", "getchar", "putchar", "malloc", "calloc", "free", "strlen", "strcpy",
    "strcmp", "strcat", "sqrt", "pow", "abs", "fabs", "NULL", "fprintf", "sprintf", "exit", "FILE", "fopen",
    "fclose", "stdin", "stdout", "EOF",
))  # fmt: skip


def critic(folder: Path | None = None) -> Critic:
    """gcc, which finds headers of the source's own in its folder."""
    return GccCritic(folder)


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text of a file: UTF-8, with other bytes kept as they are. A C compiler asks for no encoding."""
    text = content.decode("utf-8", "surrogateescape")
    return text, "utf-8:surrogateescape"


C = Language(
    name="c",
    title="C",
    suffixes=(".c",),
    lexer=LEXER,
    keywords=KEYWORDS,
    words=KEYWORDS | FUNCTIONS,
    mistakes=MISTAKES,
    critic=critic,
    decode=decode,
    declarations=TYPES,
)

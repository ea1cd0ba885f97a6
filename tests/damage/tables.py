"""Tables and texts: files of pairs in every format, and files of lines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import zstandard

from damage.bytes_of_any_file import ANY_FILE
from damage.subject import Damage, Subject, Use, on_bytes, on_text
from keyboard import TINY

MODELS = Path(__file__).parents[1] / "folders" / "0.1.0"
PAIRS = [line.split("\t") for line in (MODELS / "pairs.tsv").read_text(encoding="utf-8").splitlines()]
SHORT = ["--set", "training.max_updates=1", "--set", "training.batch_symbols=99"]
# Characters that are rare in tables and common in trouble.
ODD = (
    "\0", "\t", "\r", "\x0b", "\x1b[31m", "\u2028", "\u202e", "\ufeff", "\ud800", "\U0010ffff", '"', '""', "'", ",",
    "\\", "=1+1", "NaN", "1e999", "가", "ᄀ", "é", "e\u0301", "<script>", "--help", " ", "\u3000",
)  # fmt: skip


def uses_of_pairs(path: Path) -> list[Use]:
    """Whatever reads a table of pairs."""
    train = ["--out", path.with_name("out"), *TINY, *SHORT]
    model = MODELS / "luong" / "trained"
    return [
        Use(["describe", path]),
        Use(["train", path, *train]),
        Use(["train", MODELS / "pairs.tsv", "--valid", path, *train]),
        Use(["evaluate", model, path]),
        Use(["predict", model, path, "--max-length", "5"]),
        Use(["score", model, path]),
    ]


def written(name: str, content: bytes) -> Callable[[Path], Path]:
    """Lays out one file."""

    def lay_out(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return lay_out


def _lines(change: Callable[[list[str], random.Random], Sequence[str]]) -> Callable[[str, random.Random], str]:
    return lambda text, draw: "".join(change(text.splitlines(keepends=True) or ["\n"], draw))


def _odd(text: str, draw: random.Random) -> str:
    for _ in range(draw.choice((1, 1, 5, 50))):
        place = draw.randrange(len(text) + 1)
        text = text[:place] + draw.choice(ODD) + text[place:]
    return text


def _long(lines: list[str], draw: random.Random) -> list[str]:
    place = draw.randrange(len(lines))
    piece = draw.choice(("a", "\t", ",", '"', "[", "{", "가", " ", '{"a":', ". "))
    return [*lines[:place], piece * draw.choice((100_000, 3_000_000)) + "\n", *lines[place:]]


def _with_column(lines: list[str], draw: random.Random) -> list[str]:
    separator = draw.choice("\t,;|")
    return [line.rstrip("\n") + f"{separator}more\n" for line in lines]


def _recoded(path: Path, draw: random.Random) -> None:
    text = path.read_text(encoding="utf-8", errors="replace") + "한글\n"
    path.write_bytes(text.encode(draw.choice(("utf-16", "utf-16-le", "utf-32", "cp949", "utf-8-sig")), "replace"))


LINES = [
    on_text("odd characters", _odd),
    on_text("a long line", _lines(_long)),
    on_text("one more column", _lines(_with_column)),
    on_text("without the first line", _lines(lambda lines, draw: lines[1:])),
    on_text("blank lines", _lines(lambda lines, draw: [line + "\n" * draw.randrange(3) for line in lines])),
    on_text("lines in another order", _lines(lambda lines, draw: draw.sample(lines, len(lines)))),
    on_text("carriage returns alone", lambda text, draw: text.replace("\n", "\r")),
    on_text("carriage returns doubled", lambda text, draw: text.replace("\n", "\r\r\n")),
    Damage("in another encoding", _recoded),
]
TABLE = [*ANY_FILE, *LINES, *LINES]


def _csv() -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("source", "target"), *PAIRS])
    return text.getvalue().encode()


def _jsonl() -> bytes:
    return "".join(json.dumps({"source": source, "target": target}) + "\n" for source, target in PAIRS).encode()


def _bombs(compress: Callable[[bytes], bytes]) -> list[Damage]:
    def bomb(name: str, piece: bytes, count: int) -> Damage:
        return on_bytes(f"a bomb of {name}", lambda old, draw: compress(piece * count))

    return [
        bomb("zeros", b"\0", 50 << 20),
        bomb("blank lines", b"\n", 32 << 20),
        bomb("rows", b"a\tb\n", 1 << 23),
        bomb("a long row", b"a\tb", 1 << 23),
    ]


GZ, ZST = _bombs(lambda content: gzip.compress(content, 6, mtime=0)), _bombs(zstandard.compress)
TSV = (MODELS / "pairs.tsv").read_bytes()
SUBJECTS = [
    Subject("pairs.tsv", written("pairs.tsv", TSV), uses_of_pairs, TABLE),
    Subject("pairs.csv", written("pairs.csv", _csv()), uses_of_pairs, TABLE),
    Subject("pairs.jsonl", written("pairs.jsonl", _jsonl()), uses_of_pairs, TABLE),
    Subject("pairs.tsv.gz", written("pairs.tsv.gz", gzip.compress(TSV, mtime=0)), uses_of_pairs, [*ANY_FILE, *GZ]),
    Subject("pairs.tsv.zst", written("pairs.tsv.zst", zstandard.compress(TSV)), uses_of_pairs, [*ANY_FILE, *ZST]),
]

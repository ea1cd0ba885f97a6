"""Files of lines that are no tables of pairs: running text, aligned files, labels, dictionaries, vectors, settings."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from damage.bytes_of_any_file import ANY_FILE
from damage.subject import Subject, Use, on_text
from damage.tables import LINES, MODELS, PAIRS, SHORT, written
from keyboard import TINY

SMALL = ["--set", "model.embedding_size=8", "--set", "model.encoder_size=8"]
NUMBERS = (
    "-1", "0", "1e400", "nan", "inf", "-0.0", "9" * 25, "9" * 5000, "1_0", "٣", "0x10", "true", "[]", "{}", "''", '"a"',
)  # fmt: skip
NESTED = ("[" * 1100 + "]" * 1100, "{a=" * 1100 + "1" + "}" * 1100, "a." * 1500 + "b", "[[a]]", "[a.b]\nb = 1")


def uses_of_text(path: Path) -> list[Use]:
    """Whatever reads running text, or lines."""
    model = MODELS / "graves" / "trained"
    settings = ["--set", "model.embedding_size=8", "--set", "model.size=8", *SHORT]
    return [
        Use(["train", path, "--model", "graves", "--out", path.with_name("out"), *settings]),
        Use(["evaluate", model, path]),
        Use(["predict", model, path, "--max-length", "3"]),
        Use(["predict", MODELS / "han" / "trained", path]),
        Use(["predict", MODELS / "luong" / "trained", "--max-length", "3"], _content(path)),
    ]


def _content(path: Path) -> bytes:
    """What standard input may hold; a damaged file may be a device without an end."""
    return b"" if path.is_symlink() or not path.is_file() else path.read_bytes()


def uses_of_sources(path: Path) -> list[Use]:
    """Whatever reads aligned files; the other one is beside it."""
    both = ["--source", path, "--target", path.with_name("pairs.target")]
    model = MODELS / "luong" / "trained"
    return [
        Use(["train", *both, "--out", path.with_name("out"), *TINY, *SHORT]),
        Use(["evaluate", model, *both]),
        Use(["score", model, *both]),
    ]


def sources(folder: Path) -> Path:
    """Two aligned files, of which the first will be damaged."""
    for name, place in (("pairs.source", 0), ("pairs.target", 1)):
        (folder / name).write_text("".join(f"{pair[place]}\n" for pair in PAIRS), encoding="utf-8")
    return folder / "pairs.source"


def uses_of_labels(model: str) -> Callable[[Path], list[Use]]:
    """Whatever reads texts with labels; a model of labels is trained anew, and from another."""

    def uses(path: Path) -> list[Use]:
        trained = MODELS / model / "trained"
        out = ["--model", model, "--out", path.with_name("out"), *SHORT]
        return [
            Use(["train", path, *out, *(SMALL if model != "han" else [])]),
            Use(["train", path, "--from", trained, *out]),
            Use(["evaluate", trained, path]),
            Use(["predict", trained, path]),
        ]

    return uses


def uses_of_dictionary(path: Path) -> list[Use]:
    """A dictionary for unknown words."""
    return [Use(["predict", MODELS / "luong" / "trained", "--replace-unknown", path], b"zzz\nabc\n")]


def uses_of_vectors(path: Path) -> list[Use]:
    """Pretrained vectors, of either side."""
    train = ["train", MODELS / "pairs.tsv", "--out", path.with_name("out"), *TINY, *SHORT]
    size = ["--set", "model.embedding_size=4"]
    return [Use([*train, "--set", f"data.{side}_vectors={path}", *size]) for side in ("source", "target")]


def uses_of_config(path: Path) -> list[Use]:
    """A file of settings; small sizes on the command line win, so that damage cannot ask for a huge model."""
    return [Use(["train", MODELS / "pairs.tsv", "--out", path.with_name("out"), "--config", path, *TINY, *SHORT])]


def _number(text: str, draw: random.Random) -> str:
    """Another number in place of one, wherever it stands."""
    words = text.split(" ")
    places = [place for place, word in enumerate(words) if word.strip("\n").replace(".", "").isdigit()]
    for place in draw.sample(places, min(len(places), draw.choice((1, 1, 4)))):
        words[place] = draw.choice(NUMBERS) + "\n" * words[place].endswith("\n")
    return " ".join(words)


def _nested(text: str, draw: random.Random) -> str:
    lines = text.splitlines(keepends=True) or ["\n"]
    lines.insert(draw.randrange(len(lines)), f"key = {draw.choice(NESTED)}\n")
    return "".join(lines)


def _spaces(text: str, draw: random.Random) -> str:
    return text.replace(" ", draw.choice(("  ", "\t", "\u00a0", "")), draw.choice((1, -1)))


def _vectors() -> bytes:
    draw = random.Random(1)
    letters = sorted({letter for pair in PAIRS for word in pair for letter in word})
    rows = [f"{letter} " + " ".join(f"{draw.uniform(-1, 1):.3f}" for _ in range(4)) for letter in letters]
    return "\n".join([f"{len(letters)} 4", *rows, ""]).encode()


CONFIG = b"""seed = 3
[model]
name = "luong"
dropout = 0.1
encoder_layers = 1
[training]
learning_rate = 0.01
label_smoothing = 0.1
epochs = 2
patience = 3
[data]
min_count = 1
max_source = 50
held_out = 0.1
[decoding]
beam = 2
max_length = 9
length_penalty = 0.6
"""
ODD_NUMBERS, ODD_SPACES = on_text("odd numbers", _number), on_text("odd spaces", _spaces)
EVERY = [*ANY_FILE, *LINES, *LINES]
SUBJECTS = [
    Subject("text.txt", written("text.txt", (MODELS / "text.txt").read_bytes()), uses_of_text, EVERY),
    Subject("pairs.source", sources, uses_of_sources, EVERY),
    *[
        Subject(f"{model}.tsv", written("labels.tsv", (MODELS / data).read_bytes()), uses_of_labels(model), EVERY)
        for model, data in (("classifier", "labels.tsv"), ("tagger", "tags.tsv"), ("han", "labels.tsv"))
    ],
    Subject("dictionary", written("words.tsv", b"abc\tcba\nzzz\tyyy\n"), uses_of_dictionary, EVERY),
    Subject("vectors", written("some.vec", _vectors()), uses_of_vectors, [*EVERY, *[ODD_NUMBERS, ODD_SPACES] * 5]),
    Subject(
        "config", written("a.toml", CONFIG), uses_of_config, [*EVERY, *[ODD_NUMBERS, on_text("nested", _nested)] * 5]
    ),
]

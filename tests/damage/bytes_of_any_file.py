"""Damages of any file: what disks, downloads and wrong names do to its bytes."""

from __future__ import annotations

import random
from pathlib import Path

from damage.subject import Damage, on_bytes

# Beginnings of files of other kinds.
MAGICS = (b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\x93NUMPY\x01\x00", b"\xff\xfe", b"%PDF-1.7\n")


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def _behead(content: bytes, draw: random.Random) -> bytes:
    return content[draw.randrange(len(content) + 1) :]


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content or b"\0")
    for _ in range(draw.choice((1, 1, 1, 30))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _scribble(content: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(content) + 1)
    return content[:place] + draw.randbytes(draw.randint(1, 200)) + content[place + draw.randint(0, 200) :]


def _gap(content: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(content) + 1)
    return content[:place] + content[place + draw.randint(1, 300) :]


def _repeat(content: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(content) + 1)
    piece = content[place : place + draw.randint(1, 300)]
    return content[:place] + piece * draw.choice((2, 3, 1000)) + content[place:]


def _zeros(content: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(content) + 1)
    return content[:place] + bytes(draw.choice((1, 512, 4096))) + content[place:]


def _foreign(content: bytes, draw: random.Random) -> bytes:
    magic = draw.choice(MAGICS)
    return magic + content[draw.choice((0, len(magic))) :]


def _folder(path: Path, draw: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path, draw: random.Random) -> None:
    path.unlink()
    path.symlink_to(draw.choice((path.name, "/dev/null", "/dev/zero", "/dev/urandom", "nowhere/at/all")))


ANY_FILE = [
    on_bytes("emptied", lambda content, draw: b""),
    on_bytes("cut short", _cut),
    on_bytes("cut short at the end", lambda content, draw: content[: -draw.randint(1, 20)]),
    on_bytes("without its beginning", _behead),
    on_bytes("bits flipped", _flip),
    on_bytes("scribbled over", _scribble),
    on_bytes("with a gap", _gap),
    on_bytes("with a piece repeated", _repeat),
    on_bytes("with zero bytes", _zeros),
    on_bytes("with the beginning of another kind", _foreign),
    on_bytes("twice", lambda content, draw: content * 2),
    on_bytes("random bytes", lambda content, draw: draw.randbytes(draw.choice((1, 100, 100_000)))),
    on_bytes("line feeds and carriage returns changed", lambda content, draw: content.replace(b"\n", b"\r\n")),
    Damage("removed", lambda path, draw: path.unlink()),
    Damage("a folder", _folder),
    Damage("a link", _link),
]

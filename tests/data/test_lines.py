"""Lines of every ending and encoding, and lines that are none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from unspool.data import lines
from unspool.data.files import read_characters, read_lines
from unspool.data.lines import decoded, without_ending
from unspool.errors import Mistake

KOREAN = "안녕하세요\tHello\n좋은 아침입니다\tGood morning\n"


def texts(content: bytes, encoding: str | None = None) -> list[str]:
    return [without_ending(line) for line in decoded(io.BytesIO(content), "it", encoding)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\r\r\nb\r\r\n", ["a", "b"]),
        (b"a\rb\rc", ["a", "b", "c"]),
        (b"a\rb\r", ["a", "b"]),
        (b"a\r\rb", ["a", "", "b"]),
        (b"a\rb\nc\rd\n", ["a\rb", "c\rd"]),
        (b"a\n", ["a"]),
        (b"", []),
    ],
)
def test_lines_end_as_on_every_system(content: bytes, expected: list[str]) -> None:
    assert texts(content) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding(encoding: str) -> None:
    assert texts(KOREAN.encode(encoding)) == KOREAN.splitlines()


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-16-le", "utf-32-be", "johab", "iso2022_kr", "utf-8"])
def test_an_encoding_that_is_given_is_read(encoding: str, tmp_path: Path) -> None:
    assert texts(KOREAN.encode(encoding), encoding) == KOREAN.splitlines()
    (tmp_path / "a.txt").write_bytes(KOREAN.encode(encoding))
    assert read_characters(tmp_path / "a.txt", encoding).removeprefix("\ufeff") == KOREAN


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        (KOREAN, "cp949", "Korean"),
        ("こんにちは、世界\tHello\n", "shift_jis", "Japanese"),
        ("你好,世界。今天天气很好\tHello\n", "gb18030", "Chinese"),
        ("café\tcoffee\n", "cp1252", "Western European"),
    ],
)
def test_another_encoding_is_recognised_and_the_remedy_keeps_the_text(text: str, encoding: str, language: str) -> None:
    with pytest.raises(Mistake, match=f"line 1.* is not UTF-8. It looks like {language} text in {encoding}") as caught:
        texts(text.encode(encoding))
    assert f"--encoding {encoding}" in caught.value.remedy and f"iconv -f {encoding.upper()} " in caught.value.remedy


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised(encoding: str) -> None:
    with pytest.raises(Mistake, match=f"looks like {encoding.upper()}"):
        texts("Hello\tworld\n".encode(encoding))


def test_bytes_of_no_language_are_not_called_one() -> None:
    with pytest.raises(Mistake, match="0x81 is not UTF-8") as caught:
        texts(b"a\x81\xff\x8db\n")
    assert "looks like" not in caught.value.what and "LATIN1" not in caught.value.remedy


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13", "a\0b", ""])
def test_no_such_encoding(encoding: str) -> None:
    if encoding:
        with pytest.raises(Mistake, match="There is no encoding"):
            texts(b"a\n", encoding)


@pytest.mark.parametrize("encoding", ["ascii", "utf-16", "cp949"])
def test_bytes_that_are_not_of_the_given_encoding_are_a_mistake(encoding: str) -> None:
    with pytest.raises(Mistake, match="line 1"):
        texts(b"a\xff\xff\xffb", encoding)


@pytest.mark.parametrize("encoding", [None, "utf-16-le"])
def test_a_line_is_bounded_before_it_is_read_to_its_end(encoding: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 1000)

    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self.given += len(buffer)
            assert self.given < 1_000_000
            buffer[:] = b"a\0" * (len(buffer) // 2) if encoding else b"a" * len(buffer)
            return len(buffer)

    with pytest.raises(Mistake, match="line 1: the line is longer than 1,000 bytes"):
        list(decoded(Endless(), "it", encoding))  # type: ignore[arg-type]


def test_a_running_text_may_be_one_long_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 10)
    (tmp_path / "a.txt").write_text("가나다라\r\n" * 20, encoding="utf-8", newline="")
    assert read_characters(tmp_path / "a.txt") == "가나다라\r\n" * 20
    (tmp_path / "b.txt").write_bytes(b"good\n" * 9 + b"\xe9")
    with pytest.raises(Mistake, match="near byte 4"):
        read_characters(tmp_path / "b.txt")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_without_an_end_is_no_file(device: str) -> None:
    with pytest.raises(Mistake, match="is a device, not a file"):
        list(read_lines(Path(device)))
    assert list(read_lines(Path("/dev/null"))) == []

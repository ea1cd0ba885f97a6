import os
import stat

import pytest

from unspool.errors import Mistake
from unspool.repair.diff import unified_diff
from unspool.repair.source_file import LARGEST, read_source, write_source


@pytest.mark.parametrize(
    "content", [b"x = 1\r\ny\t= 2\r\n", b"\xef\xbb\xbfx = 1\n", b"# coding: latin-1\nx = '\xe9'", "x = '한'\n".encode()]
)
def test_a_file_is_written_as_it_was_read(tmp_path, content):
    path = tmp_path / "a.py"
    path.write_bytes(content)
    source = read_source(path)
    assert source.encoded(source.text) == content


def test_other_bytes_of_c_stay(tmp_path):
    (tmp_path / "a.c").write_bytes(b'char *s = "\xe9\xff";\r\n')
    source = read_source(tmp_path / "a.c")
    assert source.encoded(source.text) == source.content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.py", b"x" * (LARGEST + 1), "larger than 1 MB"),
        ("a.c", b"int a;\nint\0b;\n", "NUL byte in line 2"),
        ("a.py", b"x = '\xff'\n", "is not UTF-8"),
        ("a.py", b"# coding: nonsense\n", "is not UTF-8"),
        ("a.txt", b"x", "no language"),
    ],
)
def test_what_is_no_source_is_refused_in_one_line(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Mistake, match=said):
        read_source(tmp_path / name)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(Mistake, match="does not exist"):
        read_source(tmp_path / "a.py")
    (tmp_path / "b.py").mkdir()
    with pytest.raises(Mistake, match="is not a file"):
        read_source(tmp_path / "b.py")


def test_the_old_file_and_older_ones_are_kept(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("x = (\n")
    os.chmod(path, 0o750)
    (tmp_path / "a.py.orig").write_text("older")
    kept = write_source(read_source(path), "x = ()\n")
    assert kept.name == "a.py.orig.1"
    assert (path.read_text(), kept.read_text()) == ("x = ()\n", "x = (\n")
    assert (tmp_path / "a.py.orig").read_text() == "older"
    assert {stat.S_IMODE(one.stat().st_mode) for one in (path, kept)} == {0o750}


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("x = (\n")
    source = read_source(path)
    path.write_text("y = 1\n")
    with pytest.raises(Mistake, match="has changed"):
        write_source(source, "x = ()\n")
    assert [one.name for one in tmp_path.iterdir()] == ["a.py"]


def test_what_a_file_cannot_hold_is_said(tmp_path):
    (tmp_path / "a.py").write_bytes(b"# coding: latin-1\nx = '\xe9'\n")
    with pytest.raises(Mistake, match="has no '한'"):
        read_source(tmp_path / "a.py").encoded("한")


def test_a_diff_keeps_the_line_breaks_of_the_file():
    found = unified_diff("a\r\nb\r\nc", "a\r\nB\r\nc", "x.py")
    assert found == "--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,3 @@\n a\r\n-b\r\n+B\r\n c\n\\ No newline at end of file\n"
    assert unified_diff("a", "a", "x.py") == ""

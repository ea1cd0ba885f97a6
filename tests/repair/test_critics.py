import shutil
import sys
import time

import pytest

from unspool.errors import Mistake
from unspool.repair.gcc import GccCritic
from unspool.repair.limits import run_limited
from unspool.repair.python_critic import PythonCritic

PROGRAM = '#include <stdio.h>\nint main() {\n  int i = 0;\n  printf("%d", i);\n  return 0;\n}\n'
gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is absent")


def test_python_that_compiles_has_no_complaints():
    assert PythonCritic().check("x = 1\nif x:\n    print(x)\n") == []


def test_a_complaint_of_python_has_its_place():
    (complaint,) = PythonCritic().check("x = 1\nif x\n    y\n")
    assert (complaint.line, complaint.column, complaint.message) == (2, 5, "expected ':'")


def test_each_broken_line_of_python_counts_once():
    assert len(PythonCritic().check("x = = 1\ny = 2\nz = (\n")) == 2
    assert len(PythonCritic().check("def f(:\n    a = 1\n    b = 2\n")) == 1
    assert len(PythonCritic().check("x = = 1\n" * 30, 4)) == 4


@pytest.mark.parametrize("text", ["-" * 100_000 + "1", "a" + ".b" * 100_000, "not " * 100_000 + "x"])
def test_deep_nesting_is_refused_in_one_line(text):
    with pytest.raises(Mistake, match="nested more deeply"):
        PythonCritic().check(text)


def test_what_python_cannot_read_is_a_complaint():
    assert PythonCritic().check("x = 1\0")
    assert PythonCritic().check("(" * 100_000)


def test_what_parses_is_whole():
    assert not PythonCritic().check("return 1")
    assert not PythonCritic().check("elif_ = 1\nif 1:\n    pass\n" + "elif 1:\n    pass\n" * 2000)


@gcc
def test_c_that_compiles_has_no_complaints():
    assert GccCritic().check(PROGRAM) == []


@gcc
def test_complaints_of_gcc_have_their_places():
    found = GccCritic().check(PROGRAM.replace("i = 0;", "k = 0;").replace("printf", "pintf"))
    assert [(one.line, one.column) for one in found] == [(4, 3), (4, 15)]
    assert "implicit declaration" in found[0].message and "undeclared" in found[1].message


@gcc
@pytest.mark.parametrize("what", ['"/dev/zero"', "</dev/zero>", '"../../etc/passwd"'])
@pytest.mark.parametrize("how", ["#include", "#inc\\\nlude", "%:include"])
def test_files_outside_are_not_included(how, what):
    with pytest.raises(Mistake, match="outside its folder"):
        GccCritic().check(f"{how} {what}\n{PROGRAM}")


@gcc
def test_a_device_behind_a_macro_is_bounded():
    begun = time.monotonic()
    with pytest.raises(Mistake, match="gcc needs more than"):
        GccCritic().check('#define ZERO "/dev/zero"\n#include ZERO\n' + PROGRAM)
    assert time.monotonic() - begun < 30


@gcc
def test_a_header_beside_the_source_is_found(tmp_path):
    (tmp_path / "mine.h").write_text("#define ONE 1\n")
    text = '#include "mine.h"\nint one = ONE;\n'
    assert GccCritic(tmp_path).check(text) == []
    assert "mine.h" in GccCritic().check(text)[0].message


def test_without_gcc_there_is_a_clear_line(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Mistake, match="gcc, which is not installed"):
        GccCritic().check(PROGRAM)


def test_a_program_that_does_not_end_is_ended():
    begun = time.monotonic()
    ended = run_limited([sys.executable, "-c", "import time; time.sleep(60)"], b"", seconds=0.5)
    assert not ended.finished
    assert time.monotonic() - begun < 20


def test_what_a_program_writes_and_takes_is_bounded():
    program = "import sys; sys.stderr.write('x' * (1 << 24)); sys.stderr.flush()"
    assert len(run_limited([sys.executable, "-c", program], b"").written) <= 1 << 20
    assert "MemoryError" in run_limited([sys.executable, "-c", "bytearray(4 << 30)"], b"").written


@pytest.mark.parametrize("sign", ["\f", "\u2028", "\x1c"])
def test_lines_are_those_of_the_compiler(sign):
    assert [one.line for one in PythonCritic().check(f"x = 1\n# {sign}\nif x = 2:\n    pass\ny = = 2\n")] == [3, 5]


def test_a_line_that_cannot_be_silenced_counts_once():
    found = PythonCritic().check("def f():\n\tif 1:\n        return 2\n")
    assert len(found) == len(set(found)) == 1


@gcc
def test_an_ellipsis_beside_an_include_is_no_way_out():
    assert GccCritic().check("#include <stdio.h>  // printf, scanf, ...\n" + PROGRAM) == []

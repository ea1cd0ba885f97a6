import pytest
from benchmarks.quality.students import STUDENTS

from unspool.repair.python_critic import PythonCritic


@pytest.mark.parametrize("student", STUDENTS, ids=lambda one: one.mistake)
def test_a_student_s_program_does_not_compile_until_it_is_repaired(student):
    assert PythonCritic().check(student.broken)
    assert not PythonCritic().check(student.fixed)

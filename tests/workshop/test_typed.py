"""The package's types reach whoever imports it: a script outside is checked against what a wheel holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from documented import REPOSITORY

RIGHT = """
import unspool

model: unspool.Model = unspool.train([("a", "b")], out="runs/mine", seed=3, resume=False)
text: str = unspool.load("runs/mine", device="cpu").predict(["a"], beam=2)[0].text
n: int = unspool.evaluate(model, "test.tsv")["n"]
try:
    model.export("shipped", quantize="int8")
except unspool.Mistake as mistake:
    print(mistake.what, mistake.remedy)
"""
WRONG = """
unspool.load(5)
unspool.train("pairs.tsv")
number: int = model.predict(["a"])[0].text
"""
# Reading the types of large libraries takes most of the time.
CONFIGURATION = """
[mypy]
strict = true
[mypy-torch.*,onnx.*,onnxruntime.*,safetensors.*,tensorboard.*,numpy.*,rich.*,tokenizers.*]
follow_imports = skip
"""


@pytest.mark.slow
def test_a_script_outside_is_checked_against_our_types(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "src" / "unspool", tmp_path / "site" / "unspool")
    (tmp_path / "script.py").write_text(RIGHT + WRONG)
    (tmp_path / "mypy.ini").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(tmp_path / "cache"), "script.py"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    first_wrong = len(RIGHT.splitlines()) + 1
    errors = [line.split(":", 2)[1:] for line in told.splitlines() if ": error: " in line]
    assert [int(line) for line, _ in errors] == [first_wrong + 1, first_wrong + 2, first_wrong + 3], told

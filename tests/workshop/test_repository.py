"""Laws about the repository itself."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from documented import REPOSITORY

SOURCE = REPOSITORY / "src" / "unspool"
MODULES = sorted(SOURCE.rglob("*.py"))
PACKAGES = sorted({file.parent for file in MODULES} - {SOURCE})
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "stuff", "shared"}
ONE_MACHINE = re.compile(r"(?<![\w.}])/(?:work|root|home|Users|opt|mnt)/")
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".cff", ".cfg", ".json", ".html", ".css", ".js", ".tsv", ""}

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = [
    Requirement(line)
    for line in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def short(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def tracked() -> list[Path]:
    """What git has or would add. Nothing is known without git, as in an unpacked release."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=REPOSITORY, capture_output=True
    )
    if asked.returncode:
        pytest.skip("not a git repository")
    files = (REPOSITORY / name for name in asked.stdout.decode().split("\0") if name)
    return [file for file in files if file.is_file()]


@pytest.mark.parametrize("package", PACKAGES, ids=short)
def test_a_package_says_what_it_is_for(package: Path) -> None:
    initial = package / "__init__.py"
    assert initial.exists(), f"{short(package)} has no __init__.py"
    assert ast.get_docstring(ast.parse(initial.read_text(encoding="utf-8"))), f"{short(initial)} has no docstring"


def test_depth_is_never_more_than_package_and_file() -> None:
    deep = [short(file) for file in MODULES if len(file.relative_to(SOURCE).parts) > 2]
    assert not deep


def test_no_file_or_folder_has_a_vague_name() -> None:
    vague = {short(path) for file in MODULES for path in (file, file.parent) if path.stem.strip("_") in VAGUE}
    assert not vague


def test_no_line_names_a_folder_of_one_machine() -> None:
    found = [
        f"{short(file)}:{number}: {line.strip()}"
        for file in tracked()
        if file.suffix in TEXT
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if ONE_MACHINE.search(line)
    ]
    assert not found


def test_a_folder_of_tests_mirrors_a_package() -> None:
    folders = {file.parent.name for file in (REPOSITORY / "tests").glob("*/test_*.py")}
    assert folders <= {package.name for package in PACKAGES} | {"damage", "folders", "laws", "learns", "workshop"}


def test_the_tree_in_the_architecture_names_every_package() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    missing = [package.name for package in PACKAGES if not re.search(rf"\b{package.name}/", text)]
    assert not missing


def test_the_version_is_the_same_wherever_it_stands() -> None:
    initial = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    [version] = [
        ast.literal_eval(node.value)
        for node in initial.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__"
    ]
    assert f"\nversion: {version}\n" in (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## [{version}]" in (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def installed_by_make() -> list[str]:
    """The direct dependencies of the extras that the Makefile names, and the package's own."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    extras = {name for names in re.findall(r"call install,(\S+)\)", makefile) for name in names.split("$(,)")}
    assert "dev" in extras
    return PROJECT["dependencies"] + [line for name in extras for line in PROJECT["optional-dependencies"][name]]


@pytest.mark.parametrize("dependency", sorted(set(installed_by_make())))
def test_constraints_pin_a_direct_dependency_inside_its_range(dependency: str) -> None:
    wanted = Requirement(dependency)
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
    assert len(pins) == 1, f"constraints.txt pins {wanted.name} {len(pins)} times"
    [pinned] = pins[0].specifier
    assert pinned.operator == "==" and pinned.version in wanted.specifier


def test_constraints_hold_exact_versions_that_any_index_has() -> None:
    loose = [str(pin) for pin in PINS if pin.url or not re.fullmatch(r"==[^+*]+", str(pin.specifier))]
    assert not loose


def test_a_dependency_says_what_it_is_for() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    names = PROJECT["dependencies"] + [d for extra in PROJECT["optional-dependencies"].values() for d in extra]
    silent = [name for name in names if not re.search(rf'^    "{re.escape(name)}",\s+# \S', text, re.MULTILINE)]
    assert not silent

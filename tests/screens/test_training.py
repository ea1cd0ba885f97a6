"""Training is shown where a person is: on a terminal, in a log, in a notebook; each with what the model answers."""

from __future__ import annotations

import io
import sys
import types
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from unspool.screens import console as console_module
from unspool.screens import training
from unspool.screens.notebook import NotebookView
from unspool.screens.terminal import TerminalView
from unspool.screens.training import PlainView, TrainingScreen
from unspool.training.progress import Report, Sample, Validation

SAMPLES = (
    Sample("KNIGHT", "N AY T", ("N AY T",), True),
    Sample("삼천이백오십구" * 20, "<b>3259</b>", ("3259", "3 259"), False),
    Sample("two\nlines", "\x1b[31mx", ("y",), False),
)
BETWEEN = Report(1, 40, 0.25, 30.0, 90.0, 1.234, 0.01, 8000.0, None, False)
FIGURES = {"n": 9, "symbol_error_rate": 12.5, "seconds": 0.1}
VALIDATED = replace(BETWEEN, validation=Validation(FIGURES, "symbol_error_rate", 12.5, -1, SAMPLES), improved=True)


def test_without_a_terminal_each_validation_is_a_line_and_one_for_each_sample(capsys) -> None:
    view = PlainView()
    view.show(BETWEEN)
    view.show(VALIDATED)
    first, right, wrong, multiline = capsys.readouterr().err.splitlines()
    assert first.endswith("loss 1.234  8,000 symbols/s  symbol error rate 12.50  ← best so far")
    assert right == "    KNIGHT → N AY T  ✓"
    assert wrong.endswith("… → <b>3259</b>  right: 3259 or 3 259") and len(wrong) < 120
    assert multiline == "    two⏎lines → ·[31mx  right: y"


def test_without_a_terminal_a_line_comes_now_and_then_between_validations(capsys, monkeypatch) -> None:
    view = PlainView()
    monkeypatch.setattr(training, "QUIET_SECONDS", -1.0)
    view.show(BETWEEN)
    assert capsys.readouterr().err == " 25%  epoch 2  1:30 left  loss 1.234  8,000 symbols/s\n"


def test_what_is_counted_is_named(capsys, monkeypatch) -> None:
    view = PlainView()
    monkeypatch.setattr(training, "QUIET_SECONDS", -1.0)
    view.show(replace(BETWEEN, unit="steps"))
    assert capsys.readouterr().err.endswith("8,000 steps/s\n")


def test_on_a_terminal_the_bar_and_old_samples_go_and_the_last_samples_stay() -> None:
    told = io.StringIO()
    view = TerminalView(Console(file=told, force_terminal=True, width=60, _environ={}))
    view.show(VALIDATED)
    view.live.refresh()
    told.truncate(0)
    view.close()
    lines = told.getvalue().splitlines()
    assert "\x1b[31mx" not in told.getvalue()
    assert [line for line in lines if "N AY T" in line and "✓" in line]
    assert all(cell_len(Console().render_str(line).plain) <= 60 for line in lines if "삼천" in line)
    assert [line for line in lines if "삼천" in line and "…" in line]


class Page:
    """Stands in for IPython: what a notebook shows, and how often a new part was added to it."""

    def __init__(self) -> None:
        self.shown, self.parts = "", 0

    def display(self, html: str, display_id: bool) -> Page:
        self.shown, self.parts = html, self.parts + 1
        return self

    def update(self, html: str) -> None:
        self.shown = html


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    page, module = Page(), types.ModuleType("IPython.display")
    module.HTML, module.display = str, page.display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    return page


def test_in_a_notebook_a_bar_counts_and_goes(page: Page, monkeypatch) -> None:
    monkeypatch.setattr(console_module, "console", lambda: types.SimpleNamespace(is_jupyter=True))
    with console_module.counting(200, "answering") as count:
        count(50)
        assert 'value="0.2500"' in page.shown and "answering 50 of 200" in page.shown
    assert (page.shown, page.parts) == ("", 1)


def test_in_a_notebook_one_part_of_the_page_changes_in_place_and_shows_texts_as_texts(page: Page) -> None:
    view = NotebookView()
    for report in (BETWEEN, VALIDATED, BETWEEN):
        view.show(report)
    assert page.parts == 1
    assert 'value="0.2500"' in page.shown and "symbol error rate 12.50 (best)" in page.shown
    assert "N AY T" in page.shown and "&lt;b&gt;3259" in page.shown and "<b>" not in page.shown


@pytest.mark.parametrize(("jupyter", "terminal", "kind"), [(True, False, NotebookView), (False, False, PlainView)])
def test_the_view_fits_the_place(jupyter: bool, terminal: bool, kind: type, monkeypatch) -> None:
    where = types.SimpleNamespace(is_jupyter=jupyter, is_terminal=terminal)
    monkeypatch.setattr(training, "console", lambda: where)
    with TrainingScreen() as screen:
        assert type(screen.view) is kind


class Gone(io.TextIOBase):
    """A terminal that was closed."""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("view", [PlainView, lambda: TerminalView(Console(file=Gone(), force_terminal=True))])
def test_a_closed_terminal_does_not_end_a_training(view, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stderr", Gone())
    monkeypatch.setattr(training, "_view", lambda: types.SimpleNamespace())
    screen = TrainingScreen()
    try:
        screen.view = view()
    except OSError:
        screen.view = PlainView()  # it was closed before anything was shown
    with screen:
        screen.say("hello")
        screen(VALIDATED)

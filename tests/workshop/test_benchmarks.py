"""What the benchmarks read in other toolkits' logs, and the figures that they make of it."""

from __future__ import annotations

import math
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks.__main__ import commands
from benchmarks.quality.alternatives import ALTERNATIVES
from benchmarks.quality.defaults import Trial, rows_of
from benchmarks.speed import jobs, quality, results
from benchmarks.speed.tools.registry import TOOLS
from benchmarks.speed.tools.tool import Reading, by_number
from benchmarks.speed.trace import Trace, follow

from documented import REPOSITORY
from unspool.config import resolve
from unspool.config.values import configuration

LINES = {
    "unspool": ("update 20 symbols 985 nll 3.0026", Reading(20, 3.0026, symbols=985)),
    "opennmt": (
        "[2026-11-21 15:10:00,000 INFO] Step 10/   30; acc: 13.9; ppl:  40.6; xent: 3.7; lr: 0.00100; sents:    1280; "
        "bsz: 1020/1037/128; 97/ 98 tok/s;    104 sec;",
        Reading(10, math.log(40.6), symbols=1037),
    ),
    "eole": (
        "[2026-11-21 15:12:51,000 INFO] Step 10/   20; acc: 22.1; ppl: 26.00; xent: 3.26; aux: 0.000; mtp: 0.000; "
        "attn_ent: 0.000; lr: 1.00e-03; sents:    1280; bsz:  880/ 866/128; 1200/1190 tok/s;      7 sec;",
        Reading(10, math.log(26), symbols=866),
    ),
    "joeynmt": (
        "2026-11-21 15:19:00,000 - INFO - joeynmt.training - Epoch   1, Step:       20, Batch Loss:     2.718300, "
        "Batch Acc: 0.230000, Tokens per Sec:     2050, Lr: 0.001000",
        Reading(20, 2.7183, rate=2050),
    ),
    "marian": (
        "[2026-11-21 15:17:44] Ep. 1 : Up. 20 : Sen. 2,560 : Cost 3.13160658 : Time 22.99s : 411.22 words/s : gNorm 1",
        Reading(20, 3.13160658, rate=411.22),
    ),
    "yoyodyne": ("update 10 symbols 963.5 nll 3.4012", Reading(10, 3.4012, symbols=963.5)),
}
HELD_OUT = {
    "unspool": ("held out 2.9348", 2.9348),
    "opennmt": ("[2026-11-21 15:12:09,823 INFO] Validation perplexity: 20.82", math.log(20.82)),
    "eole": ("[2026-11-21 15:12:56,060 INFO] Validation perplexity: 7.2206", math.log(7.2206)),
    "joeynmt": (
        "- INFO - joeynmt.prediction - Evaluation result (greedy): loss:   2.62, ppl:  13.71, acc:   0.25, 0.0001[sec]",
        math.log(13.71),
    ),
    "marian": ("[2026-11-21 15:17:54] [valid] Ep. 1 : Up. 20 : ce-mean-words : 2.97493 : new best", 2.97493),
}
SECONDS = {
    "unspool": ("decoded in 1.250 s", 1.25),
    "opennmt": ("[INFO] Total translation time (s): 7.2\n[INFO] Average translation time (ms): 3.6", 7.2),
    "eole": (
        "[INFO] Step 0 time (s): 0.50\n[INFO] Enc/Step 0 tokens / sec: 827.4\n"
        "[INFO] Subsequent prediction time including all (s): 6.25",
        6.75,
    ),
    "joeynmt": ("- INFO - joeynmt.prediction - Generation took 24.1271[sec].", 24.1271),
    "marian": ("[2026-11-21 15:30:00] Total time: 18.60000s wall", 18.6),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_of_a_training_log_is_read(name: str) -> None:
    line, reading = LINES[name]
    assert TOOLS[name].reading(line) == reading
    assert TOOLS[name].reading("Nothing to see here") is None


@pytest.mark.parametrize("name", HELD_OUT)
def test_the_loss_on_held_out_data_is_read(name: str) -> None:
    line, loss = HELD_OUT[name]
    assert TOOLS[name].held_out(line) == pytest.approx(loss)


@pytest.mark.parametrize("name", SECONDS)
def test_the_seconds_of_decoding_are_read(name: str) -> None:
    printed, seconds = SECONDS[name]
    assert TOOLS[name].seconds(f"before\n{printed}\nbehind") == pytest.approx(seconds)


def test_speed_is_symbols_over_the_clock_behind_the_warm_up() -> None:
    lines = [(float(second), f"update {second} symbols 100 nll 1.0") for second in range(1, 4)]
    slow = [(13.0, "update 4 symbols 200 nll 2.0"), (14.0, "held out 1.5")]
    trace = follow(TOOLS["unspool"], lines + slow)
    assert trace.speed(2) == pytest.approx((100 + 200) / (1 + 10))
    assert trace.loss(2) == pytest.approx((100 * 1.0 + 200 * 2.0) / 300)
    assert trace.held_out == 1.5


def test_symbols_are_those_of_all_updates_between_two_reports() -> None:
    trace = Trace([0.0, 2.0], [Reading(10, 1.0, symbols=50), Reading(30, 1.0, symbols=70)])
    assert trace.speed(10) == pytest.approx(70 * 20 / 2)


def test_a_tool_that_tells_a_rate_is_believed_for_as_long_as_it_took() -> None:
    trace = Trace([0.0, 1.0, 4.0], [Reading(10, 1.0, rate=5), Reading(20, 1.0, rate=100), Reading(30, 1.0, rate=300)])
    assert trace.speed(10) == pytest.approx((100 * 1 + 300 * 3) / 4)


def test_checkpoints_are_in_the_order_of_their_updates() -> None:
    paths = [Path("model_step_1000.pt"), Path("model_step_250.pt")]
    assert by_number(paths) == [Path("model_step_250.pt"), Path("model_step_1000.pt")]


def test_a_word_is_right_where_any_listed_answer_is_given() -> None:
    job = jobs.Job("g2p", "lstm", 8, 2, [("A", "X")], [("A", "X"), ("A", "Y Z"), ("B", "Z")])
    assert job.questions(5) == {"A": ["X", "Y Z"], "B": ["Z"]}
    assert job.quality(["Y Z", "W"]) == ("WER %", 50.0)


def test_a_table_holds_every_column_that_any_row_has() -> None:
    lines = results.table([{"tool": "a", "seconds": 1.5}, {"tool": "b", "BLEU": None}]).splitlines()
    assert lines == ["| tool | seconds | BLEU |", "| --- | ---: | ---: |", "| a | 1.5 | – |", "| b | – | – |"]


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("command", commands())
def test_every_listed_benchmark_starts(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: in one of its own, each of them would import PyTorch anew."""
    python, module_flag, module = command.split()
    assert (python, module_flag) == ("python", "-m")
    monkeypatch.setattr(sys, "argv", [module, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    assert not ended.value.code and capsys.readouterr().out.startswith("usage:")


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in ALTERNATIVES for name in ALTERNATIVES[kind]])
def test_an_alternative_to_the_defaults_is_a_valid_configuration(kind: Any, name: str) -> None:
    settings = [f"{key}={value}" for key, value in ALTERNATIVES[kind][name].items()]
    model = {"model.name": "classifier"} if kind == "label" and name != "han" else {}
    assert resolve(configuration(None, settings, model))


def test_seeds_of_a_task_become_one_row_with_their_mean_and_spread() -> None:
    figures = {Trial("r8", "defaults", 1): 90.0, Trial("ice", "before", 1): 1.0, Trial("r8", "defaults", 2): 92.0}
    ice, r8 = rows_of(figures)
    assert (ice["task"], ice["mean"], ice["spread"]) == ("ice", "1.00", None)
    assert (r8["mean"], r8["spread"], r8["seed 1"], r8["seed 2"]) == ("91.00", "1.41", "90.00", "92.00")


def test_whatever_measures_is_listed() -> None:
    listed = set(commands())
    assert {f"python -m benchmarks.{name}" for name in ("two_minutes", "growth.run", "speed.train")} <= listed
    assert not [command for command in listed if ".peers" in command or "growth.point" in command]


@pytest.mark.parametrize("name", ["two_minutes", "speed.train"])
def test_a_table_names_the_command_that_makes_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = REPOSITORY / "benchmarks" / f"{name.replace('.', '/')}.py"
    monkeypatch.setattr(sys, "argv", [str(file), "--minutes", "1"])
    assert results.command() == f"python -m benchmarks.{name} --minutes 1"


@pytest.mark.parametrize(("wer", "minutes", "best"), [(30.0, 2.0, 30.0), (10.0, None, 29.0)])
def test_a_course_to_quality_ends_where_it_is_good_enough(wer: float, minutes: float | None, best: float) -> None:
    course = iter([(1.0, 50.0), (2.0, 30.0), (3.0, 29.0)])
    points = quality.followed_to(wer, "a tool", course)
    assert quality.row("a tool", points, wer) == {"tool": "a tool", f"minutes to WER {wer:g} %": minutes, "WER %": best}
    assert quality.told(points).startswith("1.0 50.0 %, 2.0 30.0 %") and len(points) == (2 if minutes else 3)

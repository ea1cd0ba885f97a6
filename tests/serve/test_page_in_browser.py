"""The page in a real browser: it answers like the command line, and shows and changes how. Needs Chromium."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import unspool
from opened_pages import in_a_browser, opened
from servers import exported, running

SOURCE = "fade"

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    models = [
        f"{name}={exported(folder)}" for name, folder in {"luong": "luong", "<b>cho": "cho", "han": "han"}.items()
    ]
    with running(*models, seconds=20) as found:
        yield f"http://127.0.0.1:{found.port}/"


def ask(page: Any, source: str = SOURCE) -> None:
    page.fill("#source", source)
    page.keyboard.press("Enter")
    page.wait_for_function("source => document.querySelector('.answer')?.textContent.includes(source)", arg=source)


def answer(page: Any, view: int = 0) -> str:
    found: str = page.locator("article").nth(view).locator(".answer strong").inner_text()
    return found


def command(*words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "unspool", "predict", str(exported("luong")), *words], input=SOURCE + "\n",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [one["text"] for one in json.loads(done.stdout)["hypotheses"]]


def test_the_answers_are_those_of_the_command_line(browser: Any, server: str) -> None:
    with opened(browser, server) as page:
        ask(page)
        assert answer(page) == command("--json")[0]
        page.fill("#beam", "3")
        page.keyboard.press("Tab")
        page.wait_for_selector(".answers li:nth-child(3)")
        assert page.locator(".answers button").all_inner_texts() == command("--json", "--beam", "3", "--n-best", "3")
        assert page.locator("svg[role=img] .way.node").count() > 0


def test_a_server_with_narrow_limits_is_asked_for_no_more(browser: Any) -> None:
    with (
        running(f"luong={exported('luong')}", "--max-beam", 3, "--max-n-best", 2) as found,
        opened(browser, f"http://127.0.0.1:{found.port}/") as page,
    ):
        page.fill("#beam", "9")
        ask(page)
        page.wait_for_selector(".answers li:nth-child(2)")
        expected = command("--json", "--beam", "3", "--n-best", "2")
        assert page.locator("#beam").get_attribute("max") == "3"
        assert page.locator(".answers button").all_inner_texts() == expected


def test_one_steps_through_an_answer_with_the_keyboard(browser: Any, server: str) -> None:
    with opened(browser, server) as page:
        ask(page)
        slider = page.locator("[data-keep=slider]")
        last = int(slider.get_attribute("max"))
        assert slider.input_value() == str(last) > "1"
        slider.focus()
        page.keyboard.press("Home")
        assert page.locator(".written .done").count() == 0 and "Nothing" in page.locator(".status").inner_text()
        page.keyboard.press("ArrowRight")
        page.locator("[data-keep=forward]").press("Enter")
        assert page.locator(".written .done").count() == 2
        assert page.locator(".status").inner_text().startswith(f"Step 2 of {last}: ")
        assert page.locator(".source li small").all_inner_texts()[0].endswith("%")
        assert page.locator(".lines line").count() == len(SOURCE) + 1
        page.locator("[data-keep=back]").click()
        assert page.locator(".written .done").count() == 1


def test_it_plays_by_itself_unless_motion_is_not_wanted(browser: Any, server: str) -> None:
    with opened(browser, server, reduced_motion="no-preference") as page:
        ask(page)
        page.wait_for_selector(".written .done")
        page.locator("[data-keep=play]").click()
        assert "Play" in page.locator("[data-keep=play]").inner_text()


def test_an_attention_weight_and_a_symbol_are_changed_and_changed_back(browser: Any, server: str) -> None:
    with opened(browser, server) as page:
        ask(page)
        before = answer(page)
        page.locator("[data-keep=slider]").press("Home")
        page.locator("[data-keep=forward]").click()
        page.locator("[data-keep=what-if]").click()
        page.locator("[data-keep=position]").select_option("1")
        page.locator("[data-keep=weight]").fill("100")
        page.locator("[data-keep=apply]").click()
        page.wait_for_selector("[data-keep=undo]")
        page.locator("[data-keep=slider]").press("Home")
        page.locator("[data-keep=forward]").click()
        assert page.locator(".source li small").all_inner_texts() == ["·", "100\u00a0%", "·", "·"]
        assert before in page.locator(".before").inner_text()
        page.locator("[data-keep=undo]").click()
        page.wait_for_selector("[data-keep=undo]", state="detached")
        page.locator("[data-keep=slider]").press("Home")
        page.locator("[data-keep=forward]").click()
        forced = page.locator(".chances button .token").first.inner_text()
        page.locator(".chances button").first.click()
        page.wait_for_selector("[data-keep=undo]")
        assert page.locator(".written .token").first.inner_text() == forced
        assert answer(page) != before


def test_where_a_weight_cannot_be_changed_the_page_says_why(browser: Any) -> None:
    with running(exported("copying")) as found, opened(browser, f"http://127.0.0.1:{found.port}/") as page:
        ask(page)
        assert not page.locator("[data-keep=what-if]").count()
        assert "cannot be changed" in page.inner_text("article")


def test_what_the_encoder_hands_over_is_drawn_and_the_context_moves(browser: Any, server: str) -> None:
    with opened(browser, server) as page:
        ask(page)
        drawn = "one => one.style.backgroundImage"
        strips = [one.evaluate(drawn) for one in page.locator(".source .strip").all()]
        assert len(strips) == len(SOURCE) and len(set(strips)) == len({*SOURCE}) and "linear-gradient" in strips[0]
        page.locator("[data-keep=slider]").press("Home")
        assert page.locator(".context .strip").evaluate(drawn) == ""
        page.locator("[data-keep=forward]").click()
        before = page.locator(".context .strip").evaluate(drawn)
        page.locator("[data-keep=what-if]").click()
        page.locator("[data-keep=position]").select_option("1")
        page.locator("[data-keep=weight]").fill("100")
        page.locator("[data-keep=apply]").click()
        page.wait_for_selector("[data-keep=undo]")
        only = page.locator(".context .strip").evaluate(drawn)
        assert only != before and only == strips[1].replace("to bottom", "to right")
        assert "features" in page.locator(".alignment .caption").last.inner_text()
        assert "nats" in page.inner_text("article")


def test_one_vector_for_the_whole_source_stays(browser: Any) -> None:
    with running(exported("cho")) as found, opened(browser, f"http://127.0.0.1:{found.port}/") as page:
        ask(page)
        drawn = "one => one.style.backgroundImage"
        before = page.locator(".context .strip").evaluate(drawn)
        page.locator("[data-keep=slider]").press("Home")
        assert "linear-gradient" in before and page.locator(".context .strip").evaluate(drawn) == before
        assert not page.locator(".source .strip").count()


def test_language_model_and_width_are_changed(browser: Any, server: str) -> None:
    with opened(browser, server, locale="ko-KR", viewport={"width": 360, "height": 700}, color_scheme="dark") as page:
        assert page.locator("html").get_attribute("lang") == "ko"
        ask(page)
        assert page.locator(".answer").inner_text().startswith("답:")
        page.locator(".language").click()
        assert page.locator(".answer").inner_text().startswith("Answer:")
        page.get_by_role("checkbox", name="<b>cho").check()
        page.wait_for_function("() => document.querySelectorAll('.answer').length === 2")
        second = page.locator("article").nth(1)
        assert second.locator("h2").inner_text().startswith("<b>cho") and not second.locator("b").count()
        assert second.locator(".lines line").count() == 2 and not second.locator("[data-keep=what-if]").count()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_document_is_coloured_and_markup_stays_text(browser: Any, server: str) -> None:
    with opened(browser, server) as page:
        page.get_by_role("checkbox", name="luong").uncheck()
        page.get_by_role("checkbox", name="han").check()
        ask(page, "<img src=x onerror=alert(1)> one. two")
        assert page.locator(".chances li").count() == 2 and page.locator(".document .word").count() > 1
        assert not page.locator("article img").count()


def test_every_control_has_a_name(browser: Any, server: str) -> None:
    with opened(browser, server) as page:
        ask(page)
        controls = page.locator("button, input, select, textarea")
        name = "one => one.textContent.trim() || one.labels?.length || one.getAttribute('aria-label')"
        nameless = [one.get_attribute("data-keep") for one in controls.all() if not one.evaluate(name)]
        assert nameless == []
        assert page.locator(".answer").get_attribute("aria-live") == "polite"


def test_a_key_is_asked_for(browser: Any, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("secret\n")
    with running(exported("luong"), "--api-key-file", keys) as found:
        context = browser.new_context(locale="en-US")
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{found.port}/")
        page.fill("#key", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('#key').value === ''")  # a new form
        page.fill("#key", "secret")
        page.keyboard.press("Enter")
        page.wait_for_selector("#source")
        ask(page)
        assert answer(page) == command("--json")[0]
        context.close()


def test_an_answer_of_the_dictionary_is_said_to_be_one_and_the_network_is_shown(browser: Any) -> None:
    with running("g2p-en", seconds=20) as found, opened(browser, f"http://127.0.0.1:{found.port}/") as page:
        page.fill("#source", "knightly")
        page.keyboard.press("Enter")
        page.wait_for_selector(".player")
        assert "dictionary" in page.inner_text(".said")
        assert "The network alone would write: N AY1 T L IY0" in page.inner_text("article")
        assert page.locator(".answers button").count() == 0


def test_a_forecaster_draws_the_fan_of_each_series_of_a_table(browser: Any, tmp_path: Path) -> None:
    hours = [f"2024-01-{day:02}T{hour:02}" for day in range(1, 9) for hour in range(24)]
    rows = [f"{name},{stamp},{60 + place % 24}" for name in ("north", "<b>south") for place, stamp in enumerate(hours)]
    table = "\n".join(["unique_id,ds,y", *rows])
    (tmp_path / "series.csv").write_text(table)
    settings = {"model.size": 8, "training.max_updates": 3, "training.validate_every": 3}
    unspool.train_forecaster(
        tmp_path / "series.csv", out=tmp_path / "run", horizon=6, settings=settings, progress=False
    )
    unspool.load(tmp_path / "run").export()
    with running(tmp_path / "run" / "onnx") as found, opened(browser, f"http://127.0.0.1:{found.port}/") as page:
        page.fill("#source", table)
        page.locator("button.main").click()
        page.wait_for_selector("svg.fan")
        assert (
            page.locator("svg.fan").count() == 2
            and page.locator("article section h3").all_inner_texts()[1] == "<b>south"
        )
        assert page.locator("svg.fan").first.locator(".band").count() == 5
        assert page.locator("table.numbers").first.locator("tbody tr").count() == 6
        page.fill("#longest", "2")
        page.locator("button.main").click()
        page.wait_for_function(
            "() => document.querySelectorAll('table.numbers')[0].querySelectorAll('tbody tr').length === 2"
        )
        page.locator(".language").click()
        assert (
            "중앙값" in page.inner_text("article") or page.locator("table.numbers th").nth(1).text_content() == "중앙값"
        )
        page.fill("#source", "north")
        page.locator("button.main").click()
        page.wait_for_selector("[role=alert]")
        assert "표가 아닙니다" in page.inner_text("[role=alert]") and page.locator("svg.fan").count() == 2

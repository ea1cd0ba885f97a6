"""An exported page in a real browser answers as Python does. Needs Chromium, and onnxruntime-web."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from benchmarks.web.browser import static_host

from opened_pages import in_a_browser, opened
from servers import exported
from unspool.data.sorted_table import read_sorted_table
from unspool.errors import Mistake
from unspool.export.web import export_web
from unspool.export.web_dictionary import read_learned
from unspool.export.web_engine import engine_files
from unspool.loading import load_predictor
from unspool.named_models import BUNDLED

SOURCES = {
    "luong": "fade", "korean": "한국", "han": "one fine day", "copying": "fxde", "cho": "fade", "sutskever": "fade",
}  # fmt: skip
ASK = """async ([method, id, asked]) => {
  globalThis.engine ??= (await import(new URL("engine/page_engine.js", document.baseURI))).browserEngine(document);
  try {
    return await globalThis.engine[method](id, asked);
  } catch (error) {
    return { refused: error.message };
  }
}"""

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def runtime() -> Mapping[str, bytes]:
    try:
        return engine_files()
    except Mistake as mistake:
        pytest.skip(f"needs onnxruntime-web: {mistake}")


@pytest.fixture(scope="module")
def site(runtime: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    export_web([f"{name}={exported(name)}" for name in SOURCES], folder / "site", runtime=runtime)
    with static_host(folder / "site") as host:
        yield host


def near(one: Any, other: Any) -> bool:
    """Equal, where numbers may differ by rounding."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(near(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(near, one, other))
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= 2e-4
    return bool(one == other)


def test_answers_and_traces_are_those_of_python(browser: Any, site: str) -> None:
    with opened(browser, site) as page:
        for name, source in SOURCES.items():
            predictor = load_predictor([exported(name)])
            asked = {"source": source, "beam": 3, "n_best": 2}
            found = page.evaluate(ASK, ["predict", name, asked])
            expected = json.loads(json.dumps(predictor.predict([source], beam=3, n_best=2)[0].to_json()))
            notes = found.pop("notes")
            assert near(found, expected), (found, expected)
            traced = page.evaluate(ASK, ["trace", name, {"source": source, "beam": 2}])
            expected = predictor.trace(source, beam=2).to_json()
            assert near(traced, expected), (traced, expected)
            assert traced["notes"] == notes == expected["notes"]


@pytest.mark.parametrize("beam", [1, 3])
def test_an_attention_weight_can_be_set(browser: Any, site: str, beam: int) -> None:
    predictor, edits = load_predictor([exported("luong")]), [(0, 2, 0.9), (2, 0, 0.5)]
    given = [{"step": step, "position": position, "weight": weight} for step, position, weight in edits]
    with opened(browser, site) as page:
        asked = {"source": "fade", "beam": beam, "edits": given}
        expected = predictor.trace("fade", beam=beam, edits=edits).to_json()
        assert near(page.evaluate(ASK, ["trace", "luong", asked]), expected)
        assert expected["steps"] != predictor.trace("fade", beam=beam).to_json()["steps"]
        for wrong, said in (
            ({"step": 0, "position": 99, "weight": 0.5}, "positions"),
            ({**given[0], "weight": 2}, "none"),
        ):
            assert said in page.evaluate(ASK, ["trace", "luong", {**asked, "edits": [wrong]}])["refused"]
        refused = page.evaluate(ASK, ["trace", "copying", asked])["refused"]
        assert "cannot be changed" in refused


def test_questions_that_make_no_sense_are_refused(browser: Any, site: str) -> None:
    with opened(browser, site) as page:
        for asked, said in (
            ({"source": "fade", "beam": 0}, "beam cannot be 0"),
            ({"source": "fade", "beam": 2, "n_best": 3}, "at most 2 answers"),
            ({"source": "fade", "sample": True, "beam": 2}, "cannot be combined"),
            ({"source": "fade", "temperature": 0.5}, "sampling is off"),
            ({"source": "fade", "prefix": "Ω"}, "does not know the symbol"),
            ({"source": None}, "reads text"),
        ):
            assert said in page.evaluate(ASK, ["predict", "luong", asked])["refused"]
        assert "no model 'none'" in page.evaluate(ASK, ["predict", "none", {"source": "a"}])["refused"]
        assert page.evaluate(ASK, ["predict", "luong", {"source": ""}])["hypotheses"] == []


@pytest.mark.parametrize("language", ["en-US", "ko-KR"])
def test_one_file_opens_from_a_disk(browser: Any, runtime: Mapping[str, bytes], tmp_path: Path, language: str) -> None:
    file = export_web([f"luong={exported('luong')}"], tmp_path / "page.html", single_file=True, runtime=runtime).path
    [expected] = load_predictor([exported("luong")]).predict(["fade"])
    with opened(browser, file.as_uri(), locale=language) as page:
        page.wait_for_selector("#source")
        page.fill("#source", "fade")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "text => document.querySelector('.answer')?.textContent.includes(text)", arg=expected.text
        )
        assert page.evaluate("document.documentElement.lang") == language[:2]


def test_words_that_the_dictionary_left_at_home_have_its_answers(
    browser: Any, runtime: Mapping[str, bytes], tmp_path: Path
) -> None:
    done = export_web([BUNDLED / "g2p-en"], tmp_path / "site", runtime=runtime)
    assert done.zipped < 4_500_000
    table, learned = read_sorted_table(BUNDLED / "g2p-en" / "dictionary.tsv.gz"), read_learned(BUNDLED / "g2p-en")
    assert learned is not None
    words = [word for word, is_learned in zip(table, learned.tolist(), strict=True) if is_learned][::1999]
    with static_host(done.path) as host, opened(browser, host) as page:
        for asked in ({}, {"beam": 1}):
            found = {
                word: page.evaluate(ASK, ["predict", "g2p-en", {"source": word, **asked}])["hypotheses"][0]
                for word in words
            }
            assert {word: one["text"] for word, one in found.items()} == {word: table[word][0] for word in words}
            assert not any("from" in one for one in found.values())

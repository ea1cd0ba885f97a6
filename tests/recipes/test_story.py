"""The recipe of the story from start to end, with a few updates of each model."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens import Watched
from unspool.model import load
from unspool.recipes import story
from unspool.recipes.registry import finished, recipe_of
from unspool.recipes.story_models import TRAINED
from unspool.story import alignments, feeding, forgetting, lengths, opinions, tables
from unspool.story.lessons import LESSONS
from unspool.story.page import write_story
from unspool.training.interruption import Interrupted

# Of the usual minutes, which are many here: so a model makes ten updates or fewer, and the limit of updates ends each
# training and not the clock. A busy machine makes the same story.
TINY, USUAL = 0.01, 6000.0
FEW = [
    (tables, "LEARNED", 400), (tables, "VALIDATED", 24), (alignments, "WORDS", 3), (feeding, "WORDS", 6),
    (forgetting, "EACH", 1), (forgetting, "WITH_GRADIENTS", 2), (lengths, "EACH", 1), (opinions, "ASKED_REVIEWS", 6),
]  # fmt: skip


class Interrupting(Watched):
    """A person who stops the recipe when this model begins."""

    def __init__(self, lesson: str) -> None:
        super().__init__()

        def say(message: str) -> None:
            self.told.append(message)
            if f", {lesson}:" in message:
                raise Interrupted("stopped")

        self.say = say


class Built:
    """A story that was stopped at its fifth model, and then finished."""

    def __init__(self, out: Path) -> None:
        self.out, self.minutes = out, TINY * USUAL
        with pytest.raises(Interrupted):
            recipe_of("story")(out, self.minutes, Interrupting(LESSONS[4].name))
        self.kept = json.loads((out / TRAINED).read_text())
        self.screen = Watched()
        self.text = recipe_of("story")(out, self.minutes, self.screen)
        self.figures = json.loads((out / story.FIGURES).read_text())
        self.page = (out / story.PAGE).read_text(encoding="utf-8")

    def part(self, language: str) -> str:
        """The part of the page in a language."""
        found = re.search(rf'<main id="{language}".*?</main>', self.page, re.DOTALL)
        assert found
        return found[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    with pytest.MonkeyPatch.context() as patch:
        for module, name, few in FEW:
            patch.setattr(module, name, few)
        patch.setattr(story, "MINUTES", USUAL)
        yield Built(tmp_path_factory.mktemp("story") / "out")


def test_models_that_were_trained_before_a_stop_are_kept(built: Built) -> None:
    first = [lesson.name for lesson in LESSONS[:4]]
    assert [*built.kept] == first and {name: built.figures["trained"][name] for name in first} == built.kept
    begun = [message.split(", ")[1].split(":")[0] for message in built.screen.told if message.startswith("Model ")]
    assert begun == [lesson.name for lesson in LESSONS[4:]]
    assert [*built.figures["trained"]] == [lesson.name for lesson in LESSONS]


def test_the_page_has_all_chapters_and_pictures_in_both_languages(built: Built) -> None:
    english, korean = built.part("en"), built.part("ko")
    for number in range(1, 11):
        assert f">{number}. " in english and f">{number}. " in korean
    pictures = [part.count("<svg") for part in (english, korean)]
    assert pictures[0] == pictures[1] >= 10
    assert english.count("<details>") == korean.count("<details>")
    assert "{" not in re.sub(r"<style>.*?</style>", "", built.page, flags=re.DOTALL), "a place was not filled"
    assert len(re.findall("[가-힣]", korean)) > 2000


def test_the_page_asks_no_other_host(built: Built) -> None:
    assert not re.findall(r"<script|<link (?!rel=\"icon\" href=\"data:)|\bsrc=|url\(|@import", built.page)
    assert {*re.findall(r'href="(https?://[^/"]+)', built.page)} == {"https://arxiv.org"}
    ids = re.findall(r'\bid="([^"]+)"', built.page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_figures_of_the_text_are_those_of_the_file(built: Built, language: str) -> None:
    part, found = re.sub(r"<[^>]+>", "", built.part(language)), built.figures
    for name in ("sutskever", "cho", "bahdanau", "luong"):
        assert f"{name} {found['lengths'][name]['late']:g} %" in part
        assert f"{name} {found['lengths'][name]['longer']:g} %" in part
    for cell in ("rnn", "gru", "lstm"):
        assert f"{cell.upper()} {found['forgetting'][cell]['far']:g} %" in part
    for letter, share in found["letters"]["said"]:
        assert f"{letter} {share:g} %" in part
    assert f"{found['opinions'][language]['looked']:g} %" in part
    assert f"{found['feeding']['cho']['after_own']:g} %" in part
    assert f"{found['lengths']['transformer']['parameters']:,}" in part


def test_another_figure_makes_another_page(built: Built, tmp_path: Path) -> None:
    changed = json.loads(json.dumps(built.figures))
    changed["lengths"]["luong"]["late"] = 12.34
    changed["alignments"]["luong"]["weights"][0][0] = 0.77
    write_story(tmp_path / "page.html", changed, load(built.out / "models" / "reviews"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("luong 12.34 %") == 2 and "luong 12.34 %" not in built.page
    assert page.count(">77</text>") > built.page.count(">77</text>")


def test_shares_of_probabilities_add_up(built: Built) -> None:
    for row in built.figures["letters"]["probabilities"]:
        assert 60 < sum(row) < 101, "the rest is the reserved symbols'"
    for row in built.figures["alignments"]["bahdanau"]["weights"]:
        assert sum(row) == pytest.approx(1, abs=0.01)


def test_a_finished_story_is_shown_and_with_more_minutes_goes_on(built: Built) -> None:
    assert finished("story", built.out, None, built.minutes) == built.text
    assert finished("story", built.out, None, 2 * built.minutes) is None
    again = Watched()
    recipe_of("story")(built.out, built.minutes, again)
    assert again.reports == 0, "everything was trained"


def test_a_model_that_is_gone_is_trained_again(built: Built, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built.out, out)
    shutil.rmtree(out / "models" / "luong")
    again = Watched()
    recipe_of("story")(out, built.minutes, again)
    assert [message.split(", ")[1].split(":")[0] for message in again.told if message.startswith("Model ")] == ["luong"]

"""Chapters 4 to 6: two networks in a row, what the second is fed, and why one vector is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unspool.report.line_chart import ChartLine
from unspool.report.tables import TextTable
from unspool.story.chapter import ChapterWriter, Publication, StoryWords, paper_of, percents, points_of, updates_of

CRITICISM = Publication(
    "Huszár", 2015, "How (not) to Train your Generative Model: Scheduled Sampling, Likelihood, Adversary?", "1511.05101"
)
SCHEDULED = Publication(
    "Bengio, Vinyals, Jaitly, Shazeer", 2015,
    "Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks", "1506.03099",
)  # fmt: skip
# Taught by right letters alone, and by scheduled sampling.
FED = ("cho", "cho-scheduled")
# Without attention, and with it.
ONE_VECTOR, ATTENTION = ("sutskever", "cho"), ("bahdanau", "luong")
# Differences below these numbers of points are not called one.
CLEAR, OF_LETTERS = 5.0, 3.0
# From this share of right answers on, what was learned is said to hold for longer words.
HELD = 75.0
# Letters of an answer that are shown.
SHOWN = 24


def context(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 4."""
    found, chapter = figures["lengths"], ChapterWriter(words, "context", [paper_of("sutskever"), paper_of("cho")])
    chapter.say("context_text")
    chapter.formula("c = h_S,   p(y | x) = ∏_{t} p(y_t | y_1 … y_{t−1}, c)")
    chapter.say("context_task", learned=found["learned"])
    chapter.table(_answers(figures, words))
    chapter.heading("reverse_title")
    chapter.say("reverse_text")
    names = ("sutskever", "sutskever-forward", "cho")
    _chart(chapter, found, names, words("lengths_picture", learned=found["learned"]))
    backward, forward = found["sutskever"]["learned"], found["sutskever-forward"]["learned"]
    key = "reverse_better" if backward > forward + CLEAR else "reverse_worse"
    chapter.look(words(key, learned=found["learned"], backward=f"{backward:g}", forward=f"{forward:g}"))
    return chapter


def feeding(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 5."""
    found, chapter = figures["feeding"], ChapterWriter(words, "feeding", [SCHEDULED, CRITICISM])
    plain, scheduled = found["cho"], found["cho-scheduled"]
    chapter.say("feeding_text")
    chapter.formula("ε_i = max(ε, 1 − c i)")
    lines = [
        ChartLine(words("fed_right"), points_of(plain["by_place_right"]), 0),
        ChartLine(words("fed_own"), points_of(plain["by_place_own"]), 1),
        ChartLine(words("fed_own_scheduled"), points_of(scheduled["by_place_own"]), 2),
    ]
    title = words("feeding_picture", shortest=found["shortest"], longest=found["longest"])
    chapter.chart(lines, title, words("feeding_place"), words("feeding_percent"))
    gap = round(plain["after_right"] - plain["after_own"], 1)
    difference = round(scheduled["after_own"] - plain["after_own"], 1)
    bias = "feeding_bias" if gap >= OF_LETTERS else "feeding_small"
    effect = "same" if abs(difference) < OF_LETTERS else "helped" if difference > 0 else "hurt"
    effect_places = {
        "updates": updates_of(figures, dict(zip(FED, FED, strict=True))), "scheduled": f"{scheduled['after_own']:g}",
        "difference": f"{difference if effect == 'same' else abs(difference):g}",
    }  # fmt: skip
    chapter.look(
        words(bias, right=f"{plain['after_right']:g}", own=f"{plain['after_own']:g}", gap=f"{gap:g}"),
        words(f"feeding_{effect}", **effect_places),
    )
    _example(chapter, found["example"], words)
    return chapter


def lengths(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 6."""
    papers = [paper_of(name) for name in ("cho", "bahdanau")]
    found, chapter = figures["lengths"], ChapterWriter(words, "lengths", papers)
    chapter.say("lengths_text")
    names = (*ONE_VECTOR, *ATTENTION)
    _chart(chapter, found, names, words("lengths_picture", learned=found["learned"]))
    late = percents([(name, found[name]["late"]) for name in names])
    best = max(ATTENTION, key=lambda name: float(found[name]["longer"]))
    chapter.look(
        words("lengths_look", late=found["late"], learned=found["learned"], figures=late),
        _who_won(found, words),
    )
    longer = percents([(name, found[name]["longer"]) for name in names])
    chapter.look(
        words("lengths_beyond", learned=found["learned"], figures=longer),
        _beyond(found, best, words),
    )
    return chapter


def _who_won(found: dict[str, Any], words: StoryWords) -> str:
    """Whether both models with attention, one, or none are ahead at the longest lengths that were learned."""
    bar = max(found[name]["late"] for name in ONE_VECTOR) + CLEAR
    other, best = sorted(ATTENTION, key=lambda name: float(found[name]["late"]))
    if found[other]["late"] > bar:
        return words("lengths_shown")
    return words("lengths_one", best=best, other=other) if found[best]["late"] > bar else words("lengths_not")


def _beyond(found: dict[str, Any], best: str, words: StoryWords) -> str:
    """How far the best model with attention goes beyond the lengths that were learned."""
    longer = found[best]["longer"]
    if longer > HELD:
        return words("lengths_held", best=best)
    ahead = longer > max(found[name]["longer"] for name in ONE_VECTOR) + CLEAR
    return words("lengths_fading", best=best) if ahead else words("lengths_lost")


def _chart(chapter: ChapterWriter, found: dict[str, Any], names: Sequence[str], picture: str) -> None:
    lines = [ChartLine(name, points_of(found[name]["by_length"]), number) for number, name in enumerate(names)]
    chapter.chart(lines, picture, chapter.words("lengths_length"), chapter.words("lengths_percent"))


def _answers(figures: dict[str, Any], words: StoryWords) -> TextTable:
    """The answers of the models without attention to words that anyone knows."""
    found = figures["lengths"]
    names = ("sutskever", "cho")
    rows = [
        [word, right, *(_marked(found[name]["answers"][place], right) for name in names)]
        for place, (word, right) in enumerate(found["words"])
    ]
    return TextTable(words("context_answers"), [words("word"), words("right_answer"), *names], rows, numbers=False)


def _marked(answer: str, right: str) -> str:
    if answer == right:
        return answer
    return f"{answer[:SHOWN]}… ×" if len(answer) > SHOWN else f"{answer} ×"


def _example(chapter: ChapterWriter, example: dict[str, Any], words: StoryWords) -> None:
    columns = [str(place) for place in range(1, len(example["right"]) + 1)]
    own = (example["after_own"] + [""] * len(columns))[: len(columns)]
    rows = [
        [words("must_be"), *example["right"]],
        [words("writes_right"), *_crossed(example["after_right"], example["right"])],
        [words("writes_own"), *_crossed(own, example["right"])],
    ]
    chapter.table(TextTable(words("feeding_example", word=example["word"]), ["", *columns], rows, numbers=False))
    if not example["fell"]:
        chapter.say("feeding_none")


def _crossed(written: Sequence[str], right: Sequence[str]) -> list[str]:
    return [one if one == other else f"{one}×" for one, other in zip(written, right, strict=True)]

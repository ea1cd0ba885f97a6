"""The first three chapters: one recurrent network, what it says, what it keeps, and what it forgets."""

from __future__ import annotations

import math
from typing import Any

from unspool.report.cell_grid import CellGrid
from unspool.report.line_chart import ChartLine
from unspool.story.chapter import ChapterWriter, Publication, StoryWords, paper_of, percents, points_of, updates_of
from unspool.story.greetings import WORDS

# A picture of probabilities is said to be learned below this error, in points.
SMALL_ERROR = 15.0
# Factors from here on are written with a power of 10.
LARGE, RAISED = 100_000, str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# A network has learned something about a distance if it is right so many points more often than by guessing; and it has
# kept more than another with so many points of difference.
MORE = 15.0
CELLS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
ASKED_TO_RECALL = (*CELLS, "attention")
VANISHING = Publication(
    "Pascanu, Mikolov, Bengio", 2013, "On the difficulty of training recurrent neural networks", "1211.5063"
)
LSTM = Publication("Hochreiter, Schmidhuber", 1997, "Long Short-Term Memory, Neural Computation 9(8)")


def next_letter(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 1."""
    found, chapter = figures["letters"], ChapterWriter(words, "letters", [paper_of("graves")])
    chapter.say("letters_text", words=", ".join(WORDS))
    chapter.formula("h_t = tanh(W x_t + U h_{t−1} + b),   Pr(x_{t+1} | x_1 … x_t) = softmax(V h_t + c)")
    rows = [begun or words("begin") for begun in found["beginnings"]]
    weights = [[share / 100 for share in row] for row in found["probabilities"]]
    chapter.grid(CellGrid(words("letters_picture"), rows, found["letters"], weights))
    key = "letters_learned" if found["largest_error"] < SMALL_ERROR else "letters_not"
    said = {"said": percents(found["said"]), "counted": percents([*found["counted"].items()])}
    chapter.look(words(key, told=found["told"], error=f"{found['largest_error']:g}", **said))
    return chapter


def states(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 2."""
    found, chapter = figures["states"], ChapterWriter(words, "states")
    chapter.say("states_text", units=found["units"])
    chapter.formula("h_t = f(h_{t−1}, x_t)")
    columns = [str(number) for number in range(1, found["units"] + 1)]
    picture = words("states_picture", word=found["word"])
    chapter.grid(CellGrid(picture, [*found["word"]], columns, found["states"], scale=None))
    key = "states_differ" if found["changed"] else "states_alike"
    chapter.look(words(key, changed=found["changed"], units=found["units"], threshold=f"{found['threshold']:g}"))
    return chapter


def forgetting(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 3."""
    found, chapter = figures["forgetting"], ChapterWriter(words, "forget", [LSTM, VANISHING, paper_of("cho")])
    chapter.say("forget_text")
    chapter.formula("∂h_T / ∂h_t = ∏_{k=t+1}^{T} ∂h_k / ∂h_{k−1}")
    chapter.formula("LSTM: c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t,   GRU: h_t = z_t ⊙ h_{t−1} + (1 − z_t) ⊙ n_t")
    titles = CELLS | {"attention": words("forget_attention")}
    updates = updates_of(figures, {f"recall-{name}": title for name, title in titles.items()})
    task = {"length": found["length"], "letters": found["letters"], "chance": f"{found['chance']:g}"}
    chapter.say("forget_task", updates=updates, **task)
    lines = [
        ChartLine(title, points_of(found[name]["by_distance"]), number)
        for number, (name, title) in enumerate(titles.items())
    ]
    chapter.chart(lines, words("forget_right"), words("forget_distance"), words("forget_percent"))
    ends = {end: percents([(title, found[name][end]) for name, title in titles.items()]) for end in ("near", "far")}
    chapter.look(words("forget_look", many=found["many"], **ends), words(_verdict(found)))
    lines = [
        ChartLine(
            title, [(x, round(math.log10(y), 3)) for x, y in points_of(found[name]["gradients"]) if y > 0], number
        )
        for number, (name, title) in enumerate(titles.items())
    ]
    chapter.chart(lines, words("gradient_picture"), words("gradient_steps"), words("gradient_power"))
    factors = ", ".join(_factor(title, found[name]["fallen"], words) for name, title in titles.items())
    chapter.look(words("gradient_look", factors=factors), words(_order(found)))
    return chapter


def _verdict(found: dict[str, Any]) -> str:
    plain, best = found["rnn"]["far"], max(found["gru"]["far"], found["lstm"]["far"])
    if max(plain, best) < found["chance"] + MORE:
        return "forget_none"
    return "forget_shown" if best > plain + MORE else "forget_alike"


def _order(found: dict[str, Any]) -> str:
    """The sentence that holds of the gradients: did attention keep more than gates, and gates more than none?"""
    plain, gates, attention = (found[name]["fallen"] for name in ("rnn", "lstm", "attention"))
    if gates >= plain:
        return "gradient_alike"
    return "gradient_ways" if attention < gates else "gradient_gates"


def _factor(name: str, fallen: float, words: StoryWords) -> str:
    key, factor = ("falls", fallen) if fallen >= 1 else ("rises", 1 / fallen)
    return words(key, name=name, factor=_short(factor))


def _short(factor: float) -> str:
    """2.5, 1,200, 8 × 10⁹."""
    if factor < LARGE:
        return f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"
    power = math.floor(math.log10(factor))
    return f"{factor / 10**power:.0f} × 10{str(power).translate(RAISED)}"

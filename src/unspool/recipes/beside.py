"""A method without a network beside a recipe's model, on the same held-out examples: which is better, by how much."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from unspool import folder as disk
from unspool.data.corpus import Example
from unspool.data.inputs import Files
from unspool.measured import Measured
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.report import METRICS, Figures, evaluate
from unspool.metrics.significance import PairedTest, paired
from unspool.model import Model
from unspool.recipes.training import Screen
from unspool.rivals.rival import KnownPairs, Rival

SIGNIFICANT = 0.05


class Beside(NamedTuple):
    """name: of the method; tests: by metric, its figure minus the model's."""

    name: str
    figures: Figures
    tests: dict[str, PairedTest]

    def to_json(self) -> dict[str, Any]:
        """As an item of `compared` in `evaluate --json`."""
        tests = {name: test._asdict() for name, test in self.tests.items()}
        return {"model": self.name} | self.figures.to_json() | {"difference": tests}


def known_pairs(model: Model, training: Path) -> KnownPairs:
    """The training pairs as the model's fields read them."""
    source, target = model.fields
    pairs, _ = model.pairs(Files((training,)))
    return KnownPairs(
        model.fields, [source.encode(pair.source) for pair in pairs], [target.encode(pair.target) for pair in pairs]
    )


def measure_beside(
    name: str, rival: Rival, model: Model, examples: Sequence[Example], figures: Measured, screen: Screen
) -> Beside:
    """Answer the same examples with a rival, and test the difference. figures: the model's."""
    assert rival.answer is not None
    target, answers = model.fields.target, []
    with screen.counting(len(examples), f"evaluating {name}") as count:
        for example in examples:
            answers.append(target.comparable(rival.answer(example.source)))
            count(1)
    references = [tuple(map(target.comparable, example.references)) for example in examples]
    ours = figures.evaluated.figures.outcomes
    found = evaluate(Evaluation(answers, references, target.units), list(ours))
    tests = {metric: paired(METRICS[metric], found.outcomes[metric], ours[metric]) for metric in ours}
    return Beside(name, found, tests)


def write_evaluation(out: Path, figures: Measured, beside: Beside) -> None:
    """Write both into the folder's evaluation."""
    disk.write_json(out / disk.EVALUATION, {**figures, "compared": [beside.to_json()]})


class Verdict(NamedTuple):
    """The same sentence in both languages."""

    en: str
    ko: str


def verdict(beside: Beside, metric: str, figures: Measured, names: Verdict) -> Verdict:
    """Which is better by a metric of which more is better. names: the method's, in both languages."""
    test = beside.tests[metric]
    ours, theirs, gain = figures[metric], beside.figures.estimates[metric].value, -test.difference
    low, high = sorted(-end for end in test.interval)
    p = "< 0.01" if test.p < 0.01 else f"= {test.p:.2f}"
    said = f"95 %: {low:+.1f} to {high:+.1f}, p {p}", f"95 %: {low:+.1f} ~ {high:+.1f}, p {p}"
    title = metric.replace("_", " ")
    both = f"{title} {ours:.1f} %, {names.en} {theirs:.1f} %", f"신경망 {ours:.1f} %, {names.ko} {theirs:.1f} %"
    if test.p >= SIGNIFICANT:
        return Verdict(
            f"The network and {names.en} cannot be told apart: {both[0]} ({said[0]}).",
            f"{both[1]}: 둘의 차이는 우연일 수 있습니다 ({said[1]}).",
        )
    word, korean = ("better", "높습니다") if gain > 0 else ("worse", "낮습니다")
    return Verdict(
        f"The network is {word} than {names.en} by {abs(gain):.1f} points: {both[0]} ({said[0]}).",
        f"{both[1]}: 신경망이 {abs(gain):.1f} %p {korean} ({said[1]}).",
    )


def figure_lines(figures: Measured, metrics: Sequence[str]) -> list[str]:
    """A line for each metric, with its interval."""
    lines = []
    for name in metrics:
        interval = f"{figures[f'{name}_low']:.1f} to {figures[f'{name}_high']:.1f}"
        lines.append(f"  {name.replace('_', ' '):<18} {figures[name]:5.1f} %   {interval}")
    return lines


def stand_beside(
    rival: Rival, name: str, names: Verdict, model: Model, figures: Measured, out: Path, screen: Screen
) -> str:  # fmt: skip
    """Measure a rival on the test table of a recipe's folder, keep its figures, and say which is right more often."""
    examples = model.read(out / "data" / "test.tsv").examples
    beside = measure_beside(name, rival, model, examples, figures, screen)
    write_evaluation(out, figures, beside)
    return verdict(beside, "exact_match", figures, names).en

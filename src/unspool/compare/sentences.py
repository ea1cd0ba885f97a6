"""What the results say in sentences; the first one answers: do I need a network here, and which?"""

from __future__ import annotations

from unspool.compare.analysis import Analysis, System
from unspool.compare.words import Words


def answer(analysis: Analysis, minutes: float, words: Words) -> str:
    """The first sentence of the report."""
    networks, rivals = analysis.finished("network"), analysis.finished("rival")
    if not networks and not rivals:
        return words("nothing")
    places: dict[str, object] = {"metric": words.metric(analysis.metric.name), "minutes": f"{minutes:g}"}
    if networks:
        places |= {"model": networks[0].name, "value": _value(analysis, networks[0])}
    if rivals:
        places |= {"rival": words.system(rivals[0].name), "rival_value": _value(analysis, rivals[0])}
    if not networks:
        return words("no_network", **places)
    if not rivals:
        return words("no_rival", **places)
    test = analysis.between(networks[0], rivals[0])
    p = probability(test.adjusted)
    if test.real and test.one is networks[0]:
        return words("needed", **places, p=p)
    return words("not_needed", **places, verdict=words("worse" if test.real else "chance", p=p))


def choice(analysis: Analysis, words: Words) -> list[str]:
    """Whether the best network is clearly the best; nothing if there is only one."""
    networks = analysis.finished("network")
    if len(networks) < 2:
        return []
    best = networks[0]
    others = analysis.equals(best)
    if not others:
        return [words("only", model=best.name)]
    smallest = min([best, *others], key=lambda system: system.average("parameters"))
    return [words("equals", model=best.name, others=", ".join(each.name for each in others), smallest=smallest.name)]


def time_kept(analysis: Analysis, minutes: float, words: Words) -> list[str]:
    """The time of all finished runs of networks against what was allowed."""
    runs = [run for system in analysis.finished("network") for run in system.runs]
    if not runs:
        return []
    spent = sum(run.seconds for run in runs) / 60
    return [words("time", runs=len(runs), spent=f"{spent:.2f}", allowed=f"{minutes * len(runs):.2f}")]


def probability(p: float) -> str:
    """A p-value with its sign: "= 0.03", or "< 0.01" where the bootstrap has no smaller one to tell."""
    return f"= {p:.2f}" if p >= 0.01 else "< 0.01"


def _value(analysis: Analysis, system: System) -> str:
    return f"{system.value(analysis.metric.name):.2f}"

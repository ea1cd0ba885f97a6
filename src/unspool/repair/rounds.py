"""Break-it-fix-it (Yasunaga, Liang 2021): a fixer and a breaker teach each other what the critic confirms.

fix_programs     broken programs that the fixer made whole with one edit: pairs for the breaker, and for the fixer
break_programs   programs that the breaker broke: pairs for the fixer
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random

from unspool.repair.code import Code
from unspool.repair.edits import TokenEdit
from unspool.repair.examples import CodePair, confirmed
from unspool.repair.fixer import LONGEST, Fixer, Predicts
from unspool.repair.language import Critic
from unspool.repair.places import Place
from unspool.repair.repairer import BOUNDS, repair
from unspool.repair.side_by_side import side_by_side
from unspool.repair.spacing import Spacing
from unspool.repair.window import CodeSymbols, CodeWindow

# Of a pool only what one edit makes whole teaches what a mistake is; and it is quicker to find.
ONE_EDIT = BOUNDS._replace(seconds=3.0, edits=1, tries=16, complaints=1, windows=2, further=4, simple=0)
AT_ONCE = 256


def fix_programs(
    broken: Sequence[str], fixer: Fixer, critic: Critic, done: Callable[[int], object]
) -> Iterator[CodePair]:  # fmt: skip
    """The broken programs that the fixer makes whole by one edit, each with its fix."""
    for text in broken:
        done(1)
        repaired = repair(text, fixer, critic, ONE_EDIT)
        if repaired.whole and repaired.before:
            yield CodePair(text, repaired.text, repaired.before[0])


def break_programs(
    programs: Sequence[str], breaker: Predicts, symbols: CodeSymbols, critic: Critic, times: int, seed: int,
    done: Callable[[int], object],
) -> Iterator[CodePair]:  # fmt: skip
    """Programs with an edit that the breaker drew for one of their lines, if the critic then complains."""
    random, rest = Random(seed), iter(programs)
    while some := list(islice(rest, AT_ONCE)):
        done(len(some))
        codes = [code for text in some for code in [symbols.language.lexer.read(text)] * times if code.lines]
        windows = [CodeWindow(code, Place(random.randrange(len(code.lines)), False), None, symbols) for code in codes]
        drawn = zip(codes, _drawn(windows, breaker, seed), strict=True)
        made = [(code, edit) for code, edits in drawn for edit in edits]
        pairs = side_by_side(critic, lambda one: confirmed(*one, _spacing(one[0], symbols), critic), made)
        yield from (pair for pair in pairs if pair is not None)


def _drawn(windows: Sequence[CodeWindow], breaker: Predicts, seed: int) -> Iterator[list[TokenEdit]]:
    sources = [" ".join(window.source) for window in windows]
    answers = breaker.predict(sources, sample=True, seed=seed, max_length=LONGEST)
    for window, prediction in zip(windows, answers, strict=True):
        edits = [window.edit(answer.text.split()) for answer in prediction.hypotheses]
        yield [edit for edit in edits if edit is not None]


def _spacing(code: Code, symbols: CodeSymbols) -> Spacing:
    return Spacing(code, symbols.language.lexer, symbols.language.keywords)

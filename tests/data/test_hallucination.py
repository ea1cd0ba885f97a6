"""Made-up pairs: other letters in what both sides share, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspool.config import DataConfig
from unspool.data.corpus import RawPair
from unspool.data.hallucination import MOST, hallucinated, recommended_share
from unspool.data.inputs import Files
from unspool.data.preparation import prepare
from unspool.data.prepared import Plan
from unspool.errors import Mistake
from unspool.types import Task

REAL = [
    RawPair("machen\tV.PTCP", "gemacht", 1), RawPair("Fenster\tN;DAT(PL)", "Fenstern", 2), RawPair("ja\tADV", "nein", 3)
]  # fmt: skip


def test_both_sides_get_the_same_letters_and_keep_what_an_ending_depends_on() -> None:
    made = list(hallucinated(REAL, 200, seed=1))
    assert len(made) == 200 and {pair.source.split("\t")[1] for pair in made} == {"V.PTCP", "N;DAT(PL)"}
    for pair in made:
        lemma, tags = pair.source.split("\t")
        if tags == "V.PTCP":
            assert lemma.endswith("hen") and pair.target == f"ge{lemma[:4]}t"
        else:
            assert lemma[0] == "F" and lemma.endswith("r") and pair.target == f"{lemma}n"
    assert len({pair.source for pair in made}) > 50
    assert {letter for pair in made for letter in pair.target} <= set("".join(p.source + p.target for p in REAL))


def test_the_same_pairs_are_made_up_every_time() -> None:
    assert list(hallucinated(REAL, 20, seed=1)) == list(hallucinated(REAL, 20, seed=1))


def test_scripts_without_small_letters_have_letters_too() -> None:
    [made] = hallucinated([RawPair("가나다라마", "가나다라마요", 1)], 1, seed=3)
    assert made.source != "가나다라마" and made.target == f"{made.source}요"


def test_pairs_that_share_nothing_are_refused() -> None:
    with pytest.raises(Mistake, match="No source shares 3 letters with its target"):
        hallucinated(REAL[2:], 5, seed=1)


def test_only_training_pairs_are_made_up(tmp_path: Path) -> None:
    table = tmp_path / "pairs.tsv"
    table.write_text(
        "".join(f"{lemma}en\t{lemma}st\n" for lemma in ("mach", "koch", "lach", "such", "brauch", "tausch"))
    )
    config = DataConfig(source_tokenizer="chars", target_tokenizer="chars", hallucinate=2.5, held_out=0.3)
    prepared = prepare(Files((table,)), Plan(Task("text", "text"), config))
    assert len(prepared.corpus) == 4 + 10 and len(prepared.examples) == 2
    assert "10 pairs are made up beside 4 real ones (data.hallucinate)." in prepared.messages


FORMS = "".join(f"{stem}en\t{tags}\t{stem}{ending}\n" for stem in ("mach", "koch", "lach", "such", "brauch")
                for tags, ending in (("PRS", "t"), ("PST", "te")))  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "given", "share"),
    [
        ("source=1:chars+2:tags,target=3:chars", {}, 1.0),
        ("source=1:chars+2:tags,target=3:chars", {"hallucinate": 0}, 0.0),
        ("source=1:chars+2:chars,target=3:chars", {}, 0.0),
        ("source=1:chars+2:tags,target=3:words", {}, 0.0),
        ("source=1:chars,target=3:chars", {}, 0.0),
    ],
)
def test_a_lemma_and_tags_with_a_form_get_made_up_pairs_by_themselves(
    columns: str, given: dict[str, float], share: float, tmp_path: Path
) -> None:
    (tmp_path / "forms.tsv").write_text(FORMS)
    files = Files((tmp_path / "forms.tsv",))
    plan = Plan(Task("text", "text"), DataConfig(columns=columns, held_out=0.2, **given))
    prepared = prepare(files, plan)
    assert prepared.hallucinate == share and len(prepared.corpus) == 8 * (1 + share)
    resumed = prepare(files, Plan(plan.task, plan.config, fields=prepared.fields))
    assert resumed.hallucinate == 0, "a run that continues has what its settings say"


def test_large_tables_and_irregular_ones_need_fewer_or_none() -> None:
    assert recommended_share(REAL[:1] * (2 * MOST)) == 0.5
    assert recommended_share(REAL[2:]) == 0.0

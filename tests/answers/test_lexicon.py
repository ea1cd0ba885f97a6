"""A lexicon goes before the model: its answers, in their order, and nothing else of the model changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import onnx
import pytest

import unspool
from unspool.answers.answer import messages_of
from unspool.answers.confidence import Confidence
from unspool.data.sorted_table import sorted_table_bytes
from unspool.errors import Mistake
from unspool.export.graphs import Graphs, Names
from unspool.export.onnx import export
from unspool.model import Model
from unspool.runtime.manifest import read_manifest

RELEASED = Path(__file__).parents[1] / "folders" / "0.1.0"
LINES = ["abc", "fade", "", "beef", "xyz"]


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A trained model of one's own; the name of another form, such as `luong/exported`, is the parameter."""
    return Path(shutil.copytree(RELEASED / getattr(request, "param", "luong/trained"), tmp_path / "model"))


def with_lines(folder: Path, *lines: str) -> Model:
    (folder / "lexicon.tsv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return unspool.load(folder, "cpu")


@pytest.mark.parametrize("folder", ["luong/trained", "luong/exported"], indirect=True)
@pytest.mark.parametrize("search", [{}, {"beam": 3, "n_best": 3}, {"sample": True, "n_best": 2}])
def test_its_answers_come_first_and_all_others_are_as_before(folder: Path, search: dict[str, int]) -> None:
    before = unspool.load(folder, "cpu").predict(LINES, **search)
    model = with_lines(folder, "# a comment", "", "abc\tdada", "abc\tbabe", "abc\tdada", "xyz\tfab")
    after = model.predict(LINES, **search)
    assert [answer.text for answer in after[0].hypotheses] == ["dada", "babe"][: search.get("n_best", 1)]
    assert after[4].text == "fab" and after[4].notes.unseen == 0, "the model did not read it"
    best = after[0].hypotheses[0].to_json()
    assert (best["from"], best["score"], best["tokens"], best["attention"]) == ("lexicon", 0.0, [*"dada"], None)
    for number in (1, 2, 3):
        for one, other in zip(before[number].hypotheses, after[number].hypotheses, strict=True):
            assert one.text == other.text and one.score == pytest.approx(other.score, abs=1e-5)
            assert "from" not in other.to_json()
    assert "2 answers are from the lexicon." in messages_of([one.notes for one in after], 1000)
    assert [one.text for one in model.predict(LINES, lexicon=False, **search)] == [one.text for one in before]


def test_a_prefix_and_permitted_answers_choose_among_its_answers(folder: Path) -> None:
    model = with_lines(folder, "abc\tdada", "abc\tbabe")
    assert model.predict(["abc"], prefix="ba")[0].text == "babe"
    assert model.predict(["abc", "abc"], prefix=["", "ba"])[0].text == "dada"
    assert model.predict(["abc"], allow=["babe", "fee"])[0].text == "babe"
    assert model.predict(["abc"], pattern="b.*")[0].text == "babe"
    [from_model] = model.predict(["abc"], prefix="fe")
    assert from_model.text.startswith("fe") and not from_model.notes.lexicon
    assert model.predict(["abc"], allow=["fee"])[0].text == "fee"


def test_a_reverse_model_leaves_their_order(folder: Path) -> None:
    model = with_lines(folder, "abc\tdada", "abc\tbabe")
    reverse = unspool.load(RELEASED / "luong" / "trained", "cpu")
    [found] = model.predict(["abc"], n_best=2, beam=2, rerank=reverse)
    assert [answer.text for answer in found.hypotheses] == ["dada", "babe"]


def test_they_are_certain_where_answers_have_a_confidence(folder: Path) -> None:
    model = with_lines(folder, "abc\tdada")
    assert "confidence" not in model.predict(["abc"])[0].hypotheses[0].to_json()
    model.predictor.confidence = Confidence(1.0, 1.0, 0.0, 0.0, 100)
    [known, other] = model.predict(["abc", "fade"], at_least=0.99)
    assert known.hypotheses[0].confidence == 1.0 and other.notes.abstained is not None


def test_the_first_member_of_an_ensemble_that_knows_a_source_decides(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    with_lines(folder, "abc\tdada")
    with_lines(other, "abc\tbabe", "fade\tfab")
    model = unspool.load([folder, other], "cpu")
    assert [one.text for one in model.predict(["abc", "fade"])] == ["dada", "fab"]


def test_sources_are_compared_as_the_model_reads_them(folder: Path) -> None:
    run = json.loads((folder / "run.json").read_text())
    run["data"]["lowercase"] = "source"
    (folder / "run.json").write_text(json.dumps(run))
    model = with_lines(folder, "\\#abc\tdada", "Fade\tfab")
    assert [one.text for one in model.predict(["#ABC", "FADE"])] == ["dada", "fab"]


def test_a_blank_around_a_word_and_a_typographic_apostrophe_hide_nothing(folder: Path) -> None:
    """As a telephone's keyboard writes them; a line that has them itself goes before."""
    model = with_lines(folder, "ab'c\tdada", "fade\tfab", "fade \tbee")
    assert [one.text for one in model.predict(["ab’c", " fade", "fade", "fade "])] == ["dada", "fab", "fab", "bee"]


def test_columns_are_those_of_the_model(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASED / "columns" / "trained", tmp_path / "model"))
    model = unspool.load(folder, "cpu")
    first, *_ = (RELEASED / "columns.tsv").read_text().splitlines()
    count = len(model.fields.source.column_kinds)
    source = "\t".join(first.split("\t")[:count])
    assert with_lines(folder, f"{source}\tabc").predict([source])[0].text == "abc"
    with pytest.raises(Mistake, match=r"lexicon.tsv, line 1: 'one\sabc' is not a source \(2 columns\)"):
        with_lines(folder, "one\tabc")


def test_an_evaluation_counts_its_answers_and_can_leave_it_out(folder: Path) -> None:
    alone = unspool.load(folder, "cpu").evaluate(RELEASED / "pairs.tsv")
    source, answer = (RELEASED / "pairs.tsv").read_text().splitlines()[0].split("\t")
    model = with_lines(folder, f"{source}\t{answer}x")
    figures = model.evaluate(RELEASED / "pairs.tsv")
    assert figures["from_lexicon"] == 1 and "from the lexicon" in repr(figures)
    left_out = model.evaluate(RELEASED / "pairs.tsv", lexicon=False)
    assert "from_lexicon" not in left_out and left_out["symbol_error_rate"] == alone["symbol_error_rate"]


def test_labels_are_those_that_the_model_knows(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASED / "han" / "trained", tmp_path / "model"))
    known = str(unspool.load(folder, "cpu").fields.target.answer_tokenizer().written()[0])
    model = with_lines(folder, f"What a text.\t{known}")
    assert model.predict(["What a text."])[0].text == known
    assert model.predict(["What a text."], allow=[known])[0].notes.lexicon
    with pytest.raises(Mistake, match=r"lexicon.tsv, line 1: the model has no label 'nowhere'. Known: "):
        with_lines(folder, "What a text.\tnowhere")


def test_a_tag_for_each_item_is_needed(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASED / "tagger" / "trained", tmp_path / "model"))
    source, tags = (RELEASED / "tags.tsv").read_text().splitlines()[0].split("\t")
    assert with_lines(folder, f"{source}\t{tags}").predict([source])[0].text == tags
    with pytest.raises(Mistake, match=r"lexicon.tsv, line 2: The target '.*' has .* symbols"):
        with_lines(folder, f"{source}\t{tags}", f"{source}\t{tags} {tags.split()[0]}")


@pytest.mark.parametrize("line", ["abc", "abc\t", "\tabc", "abc\tdada\tbabe", "abc dada"])
def test_a_broken_line_is_named(folder: Path, line: str) -> None:
    with pytest.raises(Mistake, match=r"lexicon.tsv, line 2: .* is not a source \(1 column\), a tab and an answer"):
        with_lines(folder, "# mine", line)


def test_bytes_that_are_no_text_are_named(folder: Path) -> None:
    (folder / "lexicon.tsv").write_bytes(b"abc\tdada\nabc\tb\xffbe\n")
    with pytest.raises(Mistake, match=r"lexicon.tsv, line 2, byte 6"):
        unspool.load(folder, "cpu")


def test_symbols_that_the_model_does_not_know_are_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = with_lines(folder, "abc\tdada", "fade\td§d", "axe\tabc")
    said = capsys.readouterr().err
    assert "lexicon.tsv, line 2: training never saw these symbols: §, and 1 more line. Are they meant?" in said
    assert model.predict(["fade"])[0].text == "d§d"


def test_a_model_of_numbers_has_no_lexicon(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASED / "values" / "trained", tmp_path / "model"))
    with pytest.raises(Mistake, match=r"lexicon.tsv is for models that read and write texts"):
        with_lines(folder, "abc\tdada")


@pytest.fixture
def traced_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports that take the graphs of the released one: tracing takes seconds, and is tested elsewhere."""
    exported = RELEASED / "luong" / "exported"
    manifest = read_manifest(exported)
    names = Names(*(getattr(manifest, name) for name in Names._fields))
    graphs = Graphs(onnx.load(exported / "encoder.onnx"), onnx.load(exported / "step.onnx"), names)
    monkeypatch.setattr("unspool.export.onnx.graphs_of", lambda model, dimensions: graphs)
    monkeypatch.setattr("unspool.export.onnx.check_exact", lambda *both: {"log_prob": 0.0})


def test_an_export_takes_it_along_and_never_replaces_one_that_a_person_changed(
    folder: Path, traced_already: None
) -> None:
    with_lines(folder, "abc\tdada")
    out = folder / "onnx"
    copied = out / "lexicon.tsv"
    assert export(folder, quantize=None).kept is None
    assert unspool.load(out).predict(["abc"])[0].text == "dada"
    with_lines(folder, "abc\tbabe")
    assert export(folder, overwrite=True).kept is None and copied.read_text() == "abc\tbabe\n"
    copied.write_text("abc\tfab\n")
    assert unspool.load(out).predict(["abc"])[0].text == "fab", "a file that is edited is not damaged"
    assert unspool.load(folder).predict(["abc"])[0].text == "babe", "a trained folder has its own"
    assert export(folder, overwrite=True).kept == copied and copied.read_text() == "abc\tfab\n"
    copied.unlink()
    assert export(folder, overwrite=True).kept is None and copied.read_text() == "abc\tbabe\n"
    (folder / "lexicon.tsv").unlink()
    assert export(folder, overwrite=True).kept is None and not copied.exists()


def test_a_dictionary_goes_after_a_persons_lines_and_an_export_takes_it_and_the_card_along(
    folder: Path, traced_already: None
) -> None:
    dictionary = sorted_table_bytes([("abc", "fab"), ("fade", "bead"), ("fade", "deaf")])
    (folder / "dictionary.tsv.gz").write_bytes(dictionary)
    (folder / "README.md").write_text("# mine\n")
    model = with_lines(folder, "abc\tdada")
    assert [one.text for one in model.predict(["abc", "fade"])] == ["dada", "bead"]
    assert [one.text for one in model.predict(["fade"], beam=2, n_best=2)[0].hypotheses] == ["bead", "deaf"]
    assert model.predictor.lexicon is not None and len(model.predictor.lexicon) == 2
    mine, listed, other = (one.notes for one in model.predict(["abc", "fade", "beef"]))
    said = "1 answer is from the dictionary that came with the model."
    assert messages_of([mine, listed], 1000) == ["1 answer is from the lexicon.", said]
    assert messages_of([listed], 1000) == [] and messages_of([mine], 1000) == ["1 answer is from the lexicon."]
    assert said in messages_of([listed, other], 1000) and listed.lexicon
    out = export(folder).folder
    assert unspool.load(out).predict(["fade"])[0].text == "bead" and (out / "README.md").read_text() == "# mine\n"
    (out / "README.md").write_text("# another\n")
    assert (export(folder, overwrite=True).folder / "README.md").read_text() == "# another\n"
    (out / "dictionary.tsv.gz").write_bytes(dictionary + b"x")
    with pytest.raises(Mistake, match=r"dictionary\.tsv\.gz has changed"):
        unspool.load(out)

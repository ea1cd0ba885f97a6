"""The kinds of explanations of `unspool explain`: each answers the inputs and writes a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from unspool.errors import Mistake
from unspool.plural import counted
from unspool.screens.console import counting

if TYPE_CHECKING:
    from unspool.explain.influence import Method
    from unspool.fields.field import Raw
    from unspool.model import Model

T = TypeVar("T")
# The most training pairs in which neighbours are searched.
PAIRS = 2000
# Sequences of a file that are explained.
SEQUENCES = 3


class What(StrEnum):
    """What is shown."""

    attention = "attention"
    heads = "heads"
    gates = "gates"
    states = "states"
    influence = "influence"
    search = "search"
    neighbours = "neighbours"
    memory = "memory"
    all = "all"


# The flags that only some kinds understand, and what to say where another one is wanted.
FLAGS: Mapping[str, tuple[What, ...]] = {
    "--by": (What.influence, What.all),
    "--instead": (What.influence,),
    "--answer": (What.influence, What.heads, What.gates, What.states),
    "--beam": (What.search, What.all),
    "--among": (What.neighbours,),
    "--beside": (What.memory,),
}


@dataclass(frozen=True, slots=True)
class ExplanationRequest:
    """What is asked for.

    inputs: texts, or files of real values; out: the file to write; flags: by their names, None: not given
    """

    inputs: Sequence[Raw]
    out: Path
    folder: Path
    device: str
    flags: Mapping[str, Any] = field(default_factory=dict)

    def check(self, what: What) -> None:
        """Flags of other kinds are a `Mistake`."""
        for flag, kinds in FLAGS.items():
            if self.flags.get(flag) is not None and what not in kinds:
                others = " or ".join(f"--what {kind}" for kind in kinds)
                raise Mistake(f"{flag} does not belong to --what {what}.", f"Leave it out, or add: {others}")

    def each(self, find: Callable[[Raw], T]) -> list[T]:
        """What is found for each input, with progress."""
        found = []
        with counting(len(self.inputs), "explaining") as count:
            for one in self.inputs:
                found.append(find(one))
                count(1)
        return found


class WrittenExplanation(NamedTuple):
    """Messages about the file, and the answers."""

    messages: list[str]
    texts: list[str]


def write_kind(what: What, model: Model, request: ExplanationRequest) -> WrittenExplanation:
    """Write the file, and say what should be known of how its inputs were read."""
    request, cut = _read(model, request)
    written = _KINDS[what](model, request)
    read = [] if what is What.attention else _of_notes(model, request)
    return written._replace(messages=[*cut, *read, *_of_lexicon(model, request.inputs), *written.messages])


def _read(model: Model, request: ExplanationRequest) -> tuple[ExplanationRequest, list[str]]:
    """The request, with sequences in the place of files where a model reads real values; says if there are more."""
    from unspool.data.sources import read_sources
    from unspool.types import Ink, Values

    if not isinstance(model.fields.source.dimension, Values | Ink):
        return request, []
    found: list[Raw] = []
    messages = []
    for file in request.inputs:
        sequences = list(islice(read_sources(Path(str(file)), model.reading({})), SEQUENCES + 1))
        found += sequences[:SEQUENCES]
        if len(sequences) > SEQUENCES:
            messages.append(f"The first {SEQUENCES} sequences of {file} are explained.")
    return replace(request, inputs=found), messages


def _of_notes(model: Model, request: ExplanationRequest) -> list[str]:
    """Symbols that training never saw, in what was read and in the answer that was given."""
    from unspool.answers.answer import messages_of

    predictor = model.predictor
    given = [text for flag in ("--answer", "--instead") if (text := request.flags.get(flag)) is not None]
    notes = []
    for source in request.inputs:
        item = predictor.fields.source.encode(source)
        notes.append(predictor.writer.notes(source, item))
        notes += [predictor.writer.notes(source, item, one, predictor.encode_pair(source, one)[1]) for one in given]
    return messages_of(notes, predictor.limit)


def _of_lexicon(model: Model, inputs: Sequence[Raw]) -> list[str]:
    """That `predict` answers otherwise: what is explained is the network."""
    lexicon = model.predictor.lexicon
    known = [one for one in inputs if lexicon is not None and lexicon.answers(one)]
    if lexicon is None or not known:
        return []
    first = lexicon.answers(known[0])[0]
    more = f", and {counted(len(known) - 1, 'more source', 'more sources')}" if len(known) > 1 else ""
    return [f"predict answers '{first}' to '{known[0]}'{more} from the lexicon. This is what the network does alone."]


def _attention(model: Model, request: ExplanationRequest) -> WrittenExplanation:
    from unspool.explain.files import write_explanation

    predictions = model.predict(request.inputs, lexicon=False)  # a lexicon has no attention
    messages = write_explanation(predictions, request.out, model.predictor)
    return WrittenExplanation(messages, [one.text for one in predictions])


def _inside(model: Model, request: ExplanationRequest, what: Any) -> WrittenExplanation:
    from unspool.explain.panel_files import look_inside, write_inside

    found = request.each(lambda one: look_inside(model.predictor, one, what, request.flags["--answer"]))
    return WrittenExplanation(write_inside(found, what, request.out), [one.text for one in found])


def _influence(model: Model, request: ExplanationRequest) -> WrittenExplanation:
    from unspool.explain.influence_files import explain_answer, write_influence

    answer, instead, by = (request.flags[flag] for flag in ("--answer", "--instead", "--by"))
    found = request.each(lambda one: explain_answer(model.predictor, one, answer, by or "occlusion", instead))
    return WrittenExplanation(write_influence(found, request.out), [one.text for one in found])


def _search(model: Model, request: ExplanationRequest) -> WrittenExplanation:
    from unspool.explain.search_files import BEAM, find_answer, write_search

    found = request.each(lambda one: find_answer(model.predictor, one, request.flags["--beam"] or BEAM))
    return WrittenExplanation(write_search(found, request.out), [one.text for one in found])


def _neighbours(model: Model, request: ExplanationRequest) -> WrittenExplanation:
    """Among a sample of the training data."""
    from unspool.data.inputs import Files
    from unspool.data.reservoir import sample
    from unspool.explain.forced_answer import network_of
    from unspool.explain.neighbour_files import write_neighbours
    from unspool.explain.neighbours import WANTED, find_neighbours

    if not request.flags["--among"]:
        raise Mistake("Neighbours are searched in the training data.", "Add: --among FILE")
    network_of(model.predictor, WANTED)  # an export is refused before its files are read
    read = model.pairs(Files(tuple(request.flags["--among"])))
    pairs = sample(read.pairs, PAIRS)
    with counting(len(pairs), "reading") as count:
        found = find_neighbours(model.predictor, request.inputs, pairs, count)
    sampled = [f"Searched a sample of {PAIRS:,} of {len(read.pairs):,} pairs."] if len(read.pairs) > PAIRS else []
    messages = [*read.messages, *sampled, *write_neighbours(found, request.out)]
    return WrittenExplanation(messages, [one.text for one in found])


def _everything(model: Model, request: ExplanationRequest) -> WrittenExplanation:
    from unspool.explain.everything import explain_everything, write_everything
    from unspool.explain.search_files import BEAM

    method: Method = request.flags["--by"] or "occlusion"
    beam: int = request.flags["--beam"] or BEAM
    found = request.each(lambda one: explain_everything(model.predictor, one, method, beam))
    return WrittenExplanation(write_everything(found, request.out), [one.text for one in found])


def _memory(model: Model, request: ExplanationRequest) -> WrittenExplanation:
    """A curve for each folder."""
    from unspool.explain.memory import memory_curve, write_memory
    from unspool.model import load

    folders = [request.folder, *(request.flags["--beside"] or ())]
    with counting(len(folders) * len(request.inputs), "explaining") as count:
        curves = [
            memory_curve(_name(folder, folders), load(folder, request.device).predictor, request.inputs, count)
            for folder in folders
        ]
    return WrittenExplanation(write_memory(curves, request.out, request.inputs), [])


def _name(folder: Path, folders: list[Path]) -> str:
    """A folder's last name, or all of it if two have the same."""
    return folder.name if sum(other.name == folder.name for other in folders) == 1 else str(folder)


_KINDS: Mapping[What, Callable[[Model, ExplanationRequest], WrittenExplanation]] = {
    What.attention: _attention,
    What.heads: lambda model, request: _inside(model, request, "heads"),
    What.gates: lambda model, request: _inside(model, request, "gates"),
    What.states: lambda model, request: _inside(model, request, "states"),
    What.influence: _influence,
    What.search: _search,
    What.neighbours: _neighbours,
    What.memory: _memory,
    What.all: _everything,
}

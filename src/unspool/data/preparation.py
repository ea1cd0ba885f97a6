"""From files to the data of a run: two fields, the training corpus, and examples to validate on.

How data is read depends on the kind of file that a field needs (`Field.container`): table, arrays, running text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import chain

from unspool.config import DataConfig
from unspool.data.array_preparation import prepare_arrays
from unspool.data.cleaning import clean
from unspool.data.corpus import Example, RawPair, encode_corpus, examples_of, raw_pairs
from unspool.data.hallucination import hallucinated, inflects, recommended_share
from unspool.data.inputs import Files
from unspool.data.prepared import Plan, Prepared, fitted_fields, held_out_pairs
from unspool.data.reading import Reading
from unspool.data.reservoir import sample
from unspool.data.running_text import pieces, read_text, split_text, windows
from unspool.data.splits import SplitPart, held_out
from unspool.data.tables import Pairs
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Container, Field
from unspool.fields.registry import Fields, container_of, field_class
from unspool.plural import counted
from unspool.text.forms import FORMS, usual
from unspool.text.unseen import named

# Of what is drawn at random here; a run is resumed with the same made-up pairs.
SEED = 1


def prepare(files: Files, plan: Plan) -> Prepared:
    """Read, hold out validation data, fit the fields or reuse the given ones, and encode."""
    sides = plan.fields or [field_class(kind) for kind in plan.task]
    return PREPARERS[container_of(*sides)](files, plan)


def prepare_table(files: Files, plan: Plan) -> Prepared:
    """From tables, or from line-aligned files."""
    config = plan.config
    table, valid = files.open(Reading.of(config, plan.known))
    messages: list[str] = []
    training: Pairs | SplitPart = table
    validation: Pairs | SplitPart | None = valid
    if validation is None:
        split = held_out(table, config.held_out, config.held_out_most)
        training, validation = split.train, split.valid
        messages.append(split.message())
    left_out: dict[str, int] | None = None
    if config.clean:
        cleaned = clean(training, config)
        training, left_out = cleaned.pairs, cleaned.left_out
        messages.append(cleaned.message())
    source, target = columns_of(training, config)
    fields = fitted_fields(plan, source, target, messages)
    free = plan.fields is None and "hallucinate" not in config.model_fields_set
    chooses = free and inflects(*_tokenizers(source, target))
    share = recommended_share([*raw_pairs(training)]) if chooses else config.hallucinate
    corpus = encode_corpus(_with_made_up(training, share, messages), fields, config)
    examples = examples_of(validation)
    messages += table.stats.messages() + (valid.stats.messages() if valid else [])
    messages += [*corpus.messages(), *_unseen(examples, fields.source)]
    held_back, known = held_out_pairs(examples, fields, config), table.reading.known
    return Prepared(fields, corpus, examples, held_back, messages, known, left_out, share)


def prepare_running_text(files: Files, plan: Plan) -> Prepared:
    """From running text: the end is held out, and the rest is cut into windows. Source and target share one field."""
    config, messages = plan.config, list[str]()
    if files.aligned or files.aligned_valid:
        raise Mistake("The model continues one text, and parallel files are two.", "Give one: unspool train FILE")
    training = read_text(files.data, config.encoding)
    if files.valid:
        validation = read_text(files.valid, config.encoding)
    else:
        training, validation = split_text(training, config.held_out)
        held = f"Held out the last {len(validation):,} of {len(training) + len(validation):,} characters"
        messages.append(f"{held} for validation; use --valid FILE for others.")
    fields = plan.fields
    if fields is None:
        tokenizers = (config.source_tokenizer, config.target_tokenizer)
        text = [ColumnData(lambda: [training], lambda: [training], tokenizer) for tokenizer in tokenizers]
        text.sort(key=lambda column: column.tokenizer == "auto")
        field_class(plan.task.source).check_columns(text)  # type: ignore[attr-defined]
        field = field_class(plan.task.source).fit(text[:1], config, "source").field
        fields = Fields(field, field)
    (later,) = fields.target.encode_many([validation]).parts
    unseen = fields.target.unknown(later.values)
    if unseen:
        messages.append(f"Symbols of the validation text that training never saw: {unseen:,}; they are read as <unk>.")
    (flat,) = fields.target.encode_many([training]).parts
    corpus, held_out = (windows(part, config.window, fields) for part in (flat, later))
    return Prepared(fields, corpus, pieces(validation), held_out, messages)


PREPARERS: dict[Container, Callable[[Files, Plan], Prepared]] = {
    "table": prepare_table,
    "arrays": prepare_arrays,
    "running_text": prepare_running_text,
}


def _tokenizers(*sides: Sequence[ColumnData]) -> Iterable[list[str]]:
    return ([column.tokenizer for column in side] for side in sides)


def _with_made_up(training: Pairs | SplitPart, share: float, messages: list[str]) -> Iterable[RawPair]:
    """The training pairs, and after them those that are made up."""
    if not share:
        return raw_pairs(training)
    pairs = list(raw_pairs(training))
    count = round(share * len(pairs))
    messages.append(f"{count:,} pairs are made up beside {len(pairs):,} real ones (data.hallucinate).")
    return chain(pairs, hallucinated(pairs, count, SEED))


def columns_of(pairs: Pairs | SplitPart, config: DataConfig) -> tuple[list[ColumnData], list[ColumnData]]:
    """The columns of both sides, each with its tokenizer; the sample is drawn when it is first needed."""
    drawn = cache(partial(sample, pairs))
    sides = (
        ("source", pairs.columns.source, config.source_tokenizer),
        ("target", pairs.columns.target or (), config.target_tokenizer),
    )
    source, target = (
        [
            ColumnData(
                partial(_cells, pairs, side, place),
                lambda side=side, place=place: [*_cells(drawn(), side, place)],  # type: ignore[misc]
                column.tokenizer or default,
            )
            for place, column in enumerate(columns)
        ]
        for side, columns, default in sides
    )
    return source, target


def _cells(pairs: Pairs | SplitPart | Sequence[object], side: str, place: int) -> map[str]:
    """One column of a side, row by row."""
    return map(lambda pair: getattr(pair, side)[place], pairs)  # noqa: C417


def _unseen(examples: list[Example], source: Field) -> list[str]:
    """How many validation sources hold symbols that training never saw, which, and in which form it saw them."""
    symbols: list[str] = []
    forms: list[str] = []
    for example in examples:
        if unknown := source.unknown(source.encode(example.source)):
            symbols += source.unseen(example.source)
            forms.append(source.known_as(example.source, unknown))
    if not forms:
        return []
    sources = counted(len(forms), "validation source holds", "validation sources hold")
    messages = [f"{sources} symbols that training never saw ({named(symbols)}); they are read as <unk>."]
    if form := usual(forms):
        messages.append(
            f"Training saw some of them only {FORMS[form].advice}, or set data.lowercase or data.normalize."
        )
    return messages

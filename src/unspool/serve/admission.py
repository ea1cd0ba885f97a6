"""What a request may ask for: each limit of the server, checked before the request waits for a model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from unspool.answers.traces import STRIP
from unspool.config import DecodingConfig
from unspool.decoding.attention_edits import AttentionEdit
from unspool.decoding.search_trace import TOP
from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.plural import counted
from unspool.predictor import Predictor
from unspool.serve.failures import Failure
from unspool.serve.job import Inbox, Job, Tracing
from unspool.serve.options import ServeOptions
from unspool.serve.schema import Asked, ExplainRequest, PredictRequest
from unspool.serve.served import Served
from unspool.serve.trace_schema import TraceRequest
from unspool.types import Ink, Values


def job_of(asked: Asked, served: Served, options: ServeOptions, inbox: Inbox) -> Job:
    """A job; what is too much or does not fit the model is a `Failure` or a `Mistake`.

    inbox: where its answers go
    """
    _refuse_forecaster(served)
    _check_sizes(asked, options)
    predictor, settings = served.predictor, served.settings(asked.decoding)
    predictor.check_confidence(asked.at_least)
    _check_settings(asked, settings, options)
    attention = isinstance(asked, ExplainRequest) or (isinstance(asked, PredictRequest) and asked.attention)
    _check_cells(asked.asked, settings, predictor.limit, options.max_cells, attention=attention)
    return Job(
        [_raw(source, predictor) for source in asked.asked],
        settings,
        inbox,
        deadline=time.monotonic() + options.timeout,
        prefixes=_prefixes(asked),
        allow=None if asked.allow is None else tuple(asked.allow),
        at_least=asked.at_least,
        attention=attention,
        lexicon=not isinstance(asked, ExplainRequest),
        grows=isinstance(asked, PredictRequest) and asked.stream and settings.beam == settings.n_best == 1,
    )


def trace_job_of(asked: TraceRequest, served: Served, options: ServeOptions, inbox: Inbox) -> Job:
    """A job that traces one source; what is too much or does not fit the model is a `Failure` or a `Mistake`.

    A step of a trace has its attention and its most probable tokens for each place of the beam.
    """
    _refuse_forecaster(served)
    _check_lengths([asked.source], options)
    predictor, settings = served.predictor, served.settings(asked.decoding)
    _check_settings(asked, settings, options)
    length = min(len(asked.source), predictor.limit) + TOP
    if (settings.beam * settings.max_length + STRIP) * length > options.max_cells:
        what = f"The trace of so wide and so long a search could have more than {options.max_cells:,} numbers."
        raise Failure(413, what, "Lower beam or max_length, or send a shorter source.")
    prefix = tuple(asked.prefix) if isinstance(asked.prefix, list) else asked.prefix or ""
    edits = tuple(AttentionEdit(edit.step, edit.position, edit.weight) for edit in asked.edits or ())
    deadline, tracing = time.monotonic() + options.timeout, Tracing(prefix, edits)
    return Job([_raw(asked.source, predictor)], settings, inbox, deadline=deadline, tracing=tracing)


def _refuse_forecaster(served: Served) -> None:
    if served.horizon is not None:
        raise Mistake(f"The model '{served.name}' is a forecaster, which reads series.", "Ask /v1/forecast.")


def _check_settings(asked: Asked | TraceRequest, settings: DecodingConfig, options: ServeOptions) -> None:
    asked_for = (("beam", settings.beam, options.max_beam), ("n_best", settings.n_best, options.max_n_best))
    for name, value, most in (*asked_for, ("max_length", settings.max_length, options.max_length)):
        if value > most and getattr(asked, name, None) is not None:
            raise Failure(422, f"{name} {value:,} is more than this server allows.", f"Use at most {most:,}.")


def _check_sizes(asked: Asked, options: ServeOptions) -> None:
    sources = asked.asked
    if len(sources) > options.max_sources:
        what = f"A request may have {counted(options.max_sources, 'source', 'sources')}, and this one has"
        raise Failure(413, f"{what} {len(sources):,}.", "Send them in several requests.")
    _check_lengths(sources, options)
    if asked.allow is not None and len(asked.allow) > options.max_allow:
        what = f"A request may permit {options.max_allow:,} answers, and this one permits {len(asked.allow):,}."
        raise Failure(413, what, "Send fewer.")


def _check_lengths(sources: Sequence[Any], options: ServeOptions) -> None:
    longest = max(map(len, sources))
    if longest > options.max_source:
        what = f"A source may have {options.max_source:,} characters or steps, and this one has {longest:,}."
        raise Failure(413, what, "Shorten it: the model would cut it, too (max_source in /v1/models).")


def _check_cells(sources: Sequence[Any], settings: DecodingConfig, limit: int, most: int, *, attention: bool) -> None:
    """Bound the memory of attention: a search has the weights of all its answers to a source, wanted or not."""
    each = [settings.n_best * settings.max_length * min(len(source), limit) for source in sources]
    if max(each) > most or (attention and sum(each) > most):
        what = f"The attention of so many and so long answers could have more than {most:,} weights."
        raise Failure(413, what, "Lower n_best or max_length, or send fewer or shorter sources at once.")


def _raw(source: str | list[list[float]], predictor: Predictor) -> Raw:
    """A source as the model's field takes it."""
    dimension = predictor.fields.source.dimension
    if isinstance(dimension, Values | Ink) == isinstance(source, str):
        wanted = "steps of numbers, [[…], …]" if isinstance(source, str) else "a text"
        what = f"This model reads {predictor.fields.task.source}, so a source is {wanted}."
        raise Mistake(what, "See 'reads' in /v1/models.")
    if not isinstance(dimension, Values | Ink):
        return source
    widths = {len(step) for step in source}
    if len(widths) > 1:
        raise Mistake("The steps of a source have different numbers of values.", "Give each step as many.")
    return np.array(source, dtype=np.float64).reshape(len(source), next(iter(widths), dimension.features))


def _prefixes(asked: Asked) -> Sequence[str]:
    count = len(asked.asked)
    if asked.prefix is None:
        return ()
    prefixes: list[Any] = [asked.prefix] * count if isinstance(asked.prefix, str) else asked.prefix
    if len(prefixes) != count:
        given = counted(len(prefixes), "prefix", "prefixes")
        what = f"There are {given} for {counted(count, 'source', 'sources')}."
        raise Mistake(what, "Give one prefix for all sources, or one for each.")
    return prefixes

"""What the OpenAPI document says besides types: examples, events, and why there may be no answer."""

from __future__ import annotations

from typing import Any

from unspool.serve.schema import ErrorResponse

ABOUT = """Asks models that Unspool trained. Every answer that is not one is `{"error": {"type", "what", "remedy"}}`.
Requests of many clients are answered together; an answer does not depend on what it was answered with."""

EXAMPLE = {"source": "hello"}
PREDICT_EXAMPLES = {
    "one": {"summary": "One source", "value": EXAMPLE},
    "many": {
        "summary": "Several sources, three answers each",
        "value": {"sources": ["one", "two"], "beam": 5, "n_best": 3},
    },
    "sample": {"summary": "Two samples", "value": {"source": "hello", "sample": True, "n_best": 2, "seed": 7}},
    "attention": {"summary": "With attention weights", "value": EXAMPLE | {"attention": True}},
    "stream": {"summary": "Symbol by symbol", "value": EXAMPLE | {"stream": True}},
}
EVENTS = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "properties": {
                "event": {"enum": ["symbol", "prediction", "done", "error"]},
                "data": {"type": "string", "description": "JSON"},
            },
        }
    }
}
TRACE_EXAMPLES = {
    "greedy": {"summary": "Symbol by symbol", "value": EXAMPLE},
    "beam": {"summary": "The tree of a beam", "value": EXAMPLE | {"beam": 4}},
}
FORECAST_EXAMPLES = {
    "columns": {"summary": "One series as columns", "value": {"history": {"ds": [1, 2, 3], "y": [0.5, 0.7, 0.6]}}},
    "rows": {
        "summary": "Rows, as data frames write them",
        "value": {"history": [{"unique_id": "a", "ds": f"2026-01-0{day}", "y": day} for day in (1, 2, 3)]},
    },
}
EXPLAIN_EXAMPLES = {"one": {"summary": "One source", "value": EXAMPLE}}

# Why a request may have no answer, by the status.
WHY = {401: "no key, or a wrong one", 404: "no such model", 408: "the request came too slowly", 413: "too much",
       422: "wrong, or more than is allowed", 503: "busy: see Retry-After", 504: "it took too long"}  # fmt: skip


def refusals(*statuses: int, **more: str) -> dict[int | str, dict[str, Any]]:
    """These statuses in an OpenAPI document; more: others with their reasons, `_403="…"`"""
    reasons = {status: WHY[status] for status in statuses} | {int(name[1:]): why for name, why in more.items()}
    return {status: {"model": ErrorResponse, "description": why} for status, why in reasons.items()}


ASKING = refusals(401, 404, 408, 413, 422, 503, 504)

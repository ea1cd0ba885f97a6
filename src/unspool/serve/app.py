"""The routes of a server, and its OpenAPI document. `fastapi` is imported here only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from unspool import __version__
from unspool.answers.answer import Prediction
from unspool.errors import Mistake
from unspool.serve import openapi, schema
from unspool.serve.failures import Failure, failure_of, invalid
from unspool.serve.forecast_schema import ForecastRequest, ForecastResponse
from unspool.serve.gate import Gate
from unspool.serve.metrics import TYPE
from unspool.serve.openapi import refusals
from unspool.serve.page import page_files
from unspool.serve.rendering import answers_json, dumps
from unspool.serve.schema import Asked, ExplainRequest, PredictRequest, PredictResponse, ReloadRequest
from unspool.serve.service import Service
from unspool.serve.trace_schema import ServedTrace, TraceRequest
from unspool.serve.waiting import Waiting

# The options of each path, for whoever misspells one; all others have those of a prediction.
OPTIONS = {
    "/v1/explain": ExplainRequest.model_fields,
    "/v1/trace": TraceRequest.model_fields,
    "/v1/forecast": ForecastRequest.model_fields,
    "/v1/reload": ReloadRequest.model_fields,
}
NO_STORE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

open_routes, routes = APIRouter(), APIRouter()


def create_app(service: Service) -> FastAPI:
    """The application of a service, which begins and ends with it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.start()
        watching = asyncio.create_task(service.watch()) if service.watches else None
        yield
        if watching is not None:
            watching.cancel()
        await asyncio.to_thread(service.close, 1.0)

    app = FastAPI(
        title="Unspool", version=__version__, description=openapi.ABOUT, lifespan=lifespan,
        docs_url=None, redoc_url=None, redirect_slashes=False,
    )  # fmt: skip
    app.state.service = service
    key = [Security(HTTPBearer(auto_error=False))] if service.keys else []
    app.include_router(routes, dependencies=key)  # first, because routes are tried in order
    app.include_router(open_routes)
    for path in page_files():
        app.add_route(path, _page_file, include_in_schema=False)
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Gate, service=service)
    if origins := list(service.options.allow_origins):
        app.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"], expose_headers=["Retry-After", "X-Request-Id"],
        )  # fmt: skip
    return app


@routes.post(
    "/v1/predict",
    responses={200: {"model": PredictResponse, "content": openapi.EVENTS}, **openapi.ASKING},
    summary="Answer sources",
)
async def predict(
    asked: Annotated[PredictRequest, Body(openapi_examples=openapi.PREDICT_EXAMPLES)],
    request: Request,
) -> Response:
    """Answer one source or many.

    With `stream`, server-sent events: `symbol` for each symbol of greedy search or of one sample, `prediction` for each
    source that is answered, then `done`, or `error`.
    """
    name, waiting = _ask(request, asked)
    if asked.stream:
        events = await waiting.begun(attention=asked.attention)
        return StreamingResponse(events, media_type="text/event-stream", headers=NO_STORE)
    found = await waiting.answers(partial(_gone, request))
    return _predictions(name, found, attention=asked.attention)


@routes.post(
    "/v1/explain",
    responses={200: {"model": PredictResponse}, **openapi.ASKING, **refusals(_501="the model has no attention")},
    summary="Answers with the attention that led to them",
)
async def explain(
    asked: Annotated[ExplainRequest, Body(openapi_examples=openapi.EXPLAIN_EXAMPLES)],
    request: Request,
) -> Response:
    """Answer sources, and show the attention over their tokens for each token of the best answer."""
    name, waiting = _ask(request, asked)
    found = await waiting.answers(partial(_gone, request))
    best = [one.hypotheses[0] for one in found if one.hypotheses]
    if best and all(answer.attention is None for answer in best):
        what = f"The model '{name}' has no attention to show."
        raise Failure(501, what, "Ask /v1/predict, or serve a model with attention, such as luong.")
    return _predictions(name, found, attention=True)


@routes.post(
    "/v1/trace",
    responses={200: {"model": ServedTrace}, **openapi.ASKING},
    summary="The search for an answer, step by step",
)
async def trace(
    asked: Annotated[TraceRequest, Body(openapi_examples=openapi.TRACE_EXAMPLES)],
    request: Request,
) -> Response:
    """Answer one source, and tell each step: what was kept, what else was probable, and the attention.

    By the model alone, without a lexicon. A model that writes numbers or ink has no such search.
    """
    served, waiting = _service(request).trace(asked)
    request.state.model, request.state.sources = served.name, 1
    found = await waiting.trace(partial(_gone, request))
    return _json({"model": served.name} | found.to_json())


@routes.post(
    "/v1/forecast",
    responses={200: {"model": ForecastResponse}, **openapi.ASKING},
    summary="What comes next, with quantiles",
)
async def forecast(
    asked: Annotated[ForecastRequest, Body(openapi_examples=openapi.FORECAST_EXAMPLES)],
    request: Request,
) -> Response:
    """Forecast the series of a table. The model must be a forecaster: 'horizon' in /v1/models."""
    served, waiting = _service(request).forecast(asked)
    request.state.model, request.state.sources = served.name, 1
    found = await waiting.forecasts(partial(_gone, request))
    return _json({"model": served.name, "forecasts": found.forecasts, "notes": found.notes})


@open_routes.get(
    "/", response_class=HTMLResponse, responses={304: {"description": "as it was"}}, summary="A page for people"
)
async def home(request: Request) -> Response:
    """Shows the models at work."""
    return await _page_file(request)


@open_routes.head("/health", include_in_schema=False)
@open_routes.get("/health", responses={200: {"model": schema.Status}}, summary="Whether the server runs")
async def health() -> Response:
    """Whether the process answers at all."""
    return _json({"status": "ok"})


@open_routes.head("/ready", include_in_schema=False)
@open_routes.get(
    "/ready", responses={200: {"model": schema.Status}, **refusals(503)}, summary="Whether models can be asked"
)
async def ready(request: Request) -> Response:
    """Whether every model is loaded and answers."""
    if not _service(request).ready:
        raise Failure(503, "A model does not answer.", "Ask again in a moment.", retry_after=1)
    return _json({"status": "ok"})


@routes.get("/metrics", responses={200: {"content": {"text/plain": {}}}, **refusals(401)}, summary="For Prometheus")
async def metrics(request: Request) -> Response:
    """Requests, batches, queues and reloads."""
    return Response(_service(request).metrics.render(), media_type=TYPE)


@routes.get("/v1/models", responses={200: {"model": schema.ServedModels}, **refusals(401)}, summary="The models")
async def models(request: Request) -> Response:
    """The models; the first is the default."""
    served = _service(request).models.values()
    return _json({"object": "list", "data": [model.to_json() for model in served]})


@routes.post(
    "/v1/reload",
    responses={200: {"model": schema.Reloaded}, **refusals(401, 404, 408, 413, 422),
               **refusals(_403="the server has no key", _409="it cannot be loaded, and stays as it was")},
    summary="Load models again",
)  # fmt: skip
async def reload(request: Request, asked: ReloadRequest | None = None) -> Response:
    """Load a model, or all, from its folder again, while requests go on. Only with an API key."""
    service = _service(request)
    if not service.keys:
        remedy = "Start the server with an API key, or send its process the signal SIGHUP."
        raise Failure(403, "Without an API key nobody may load models over HTTP.", remedy)
    try:
        return _json({"reloaded": await service.reload(asked.model if asked else None)})
    except Mistake as mistake:
        raise Failure(409, f"The model stays as it was. {mistake.what}", mistake.remedy) from mistake


async def _page_file(request: Request) -> Response:
    """A file of the page, unless the browser has it."""
    file = page_files()[request.url.path]
    if request.headers.get("If-None-Match") == file.tag:
        return Response(status_code=304, headers=file.headers)
    return Response(file.content, headers=file.headers, media_type=file.type)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _ask(request: Request, asked: Asked) -> tuple[str, Waiting]:
    """Queue a question; the log is told which model it is for, and of how many sources."""
    served, waiting = _service(request).ask(asked)
    request.state.model, request.state.sources = served.name, len(asked.asked)
    return served.name, waiting


def _predictions(model: str, found: Sequence[Prediction], *, attention: bool) -> Response:
    return _json({"model": model, "predictions": [answers_json(one, attention=attention) for one in found]})


async def _gone(request: Request) -> None:
    """Ends when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dumps(value), status, headers, "application/json")


async def _failed(request: Request, error: Exception) -> Response:
    failure = failure_of(error)
    return _json(failure.to_json(), failure.status, failure.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    known = OPTIONS.get(request.url.path, PredictRequest.model_fields)
    return await _failed(request, invalid(error.errors(), known))


async def _refused(request: Request, error: Exception) -> Response:
    """What the router itself says: no such path, or not with this method; or a body that cannot be read."""
    assert isinstance(error, HTTPException)
    remedy = "See /openapi.json for what there is."
    what = {404: f"There is nothing at {request.url.path[:100]}.", 405: f"{request.method} is not for this path."}
    status = 422 if error.status_code == 400 else error.status_code
    failure = Failure(status, what.get(status, f"{error.detail}."), remedy)
    return _json(failure.to_json(), failure.status, failure.headers | dict(error.headers or {}))


HANDLERS = {Failure: _failed, Mistake: _failed, RequestValidationError: _invalid, HTTPException: _refused}

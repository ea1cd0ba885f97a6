"""`unspool serve`: models behind HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unspool.cli.processor import beside_a_server, use_threads


def serve(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL...", help="Trained or exported folders, or NAME=FOLDER; the first is the default."
        ),
    ],
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0: all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8080,
    max_batch: Annotated[int, typer.Option(min=1, help="Most sources answered together; 1: no batches.")] = 64,
    batch_wait: Annotated[str, typer.Option(help="How long a source waits for others to join it.")] = "5ms",
    max_queue: Annotated[int, typer.Option(min=1, help="Most sources that wait for a model; more: 503.")] = 1024,
    timeout: Annotated[str, typer.Option(help="Until an answer; later: 504, and the work stops.")] = "60s",
    grace: Annotated[str, typer.Option(help="When told to end: until running requests are cut.")] = "30s",
    read_timeout: Annotated[str, typer.Option(help="Until a request has arrived; later: 408.")] = "10s",
    idle_timeout: Annotated[str, typer.Option(help="Until a connection without a request is closed.")] = "30s",
    max_connections: Annotated[int, typer.Option(min=1, help="Most open connections; more: 503.")] = 512,
    max_body: Annotated[str, typer.Option(help="Largest request; larger: 413.")] = "1MB",
    max_sources: Annotated[int, typer.Option(min=1, help="Most sources of a request; more: 413.")] = 256,
    max_source: Annotated[int, typer.Option(min=1, help="Most characters or steps of a source; more: 413.")] = 10_000,
    max_beam: Annotated[int, typer.Option(min=1, help="Widest beam; wider: 422.")] = 32,
    max_n_best: Annotated[int, typer.Option(min=1, help="Most answers to a source; more: 422.")] = 32,
    max_length: Annotated[int, typer.Option(min=1, help="Longest answer in symbols; longer: 422.")] = 1000,
    max_cells: Annotated[
        int, typer.Option(min=1, help="Most n_best times max_length times length of a source; more: 413.")
    ] = 4_000_000,
    api_key_file: Annotated[
        Path | None,
        typer.Option(help="A file with a key on each line. Default: the key in UNSPOOL_API_KEY; without one, no key."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None, typer.Option(help="A web page that may ask, such as https://example.org; may be repeated.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Load a model again when its files change.")] = False,
    log_format: Annotated[str, typer.Option(help="text or json.")] = "text",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Processor threads of a model. Default: all but one, which is for HTTP."),
    ] = None,
) -> None:
    """Serve models over HTTP: POST /v1/predict with {"source": "hello"}; the rest is in /openapi.json.

    In a browser, its address shows the models at work.

    Requests of many clients are answered together. SIGTERM or Ctrl-C ends it after the running requests; SIGHUP loads
    the models again.
    """
    use_threads(beside_a_server(threads))
    from unspool.config import validated
    from unspool.serve.keys import read_keys
    from unspool.serve.logs import log_format_of
    from unspool.serve.options import ServeOptions
    from unspool.serve.quantities import bytes_of, origin_of, seconds_of
    from unspool.serve.server import names_of
    from unspool.serve.server import serve as run

    times = {"batch_wait": batch_wait, "timeout": timeout, "grace": grace, "read_timeout": read_timeout,
             "idle_timeout": idle_timeout}  # fmt: skip
    numbers = {"max_batch": max_batch, "max_queue": max_queue, "max_connections": max_connections,
               "max_sources": max_sources, "max_source": max_source, "max_beam": max_beam, "max_n_best": max_n_best,
               "max_length": max_length, "max_cells": max_cells}  # fmt: skip
    given = {name: seconds_of(text, f"--{name.replace('_', '-')}") for name, text in times.items()}
    origins = tuple(map(origin_of, allow_origin or ()))
    options = validated(
        ServeOptions,
        {**given, **numbers, "max_body": bytes_of(max_body, "--max-body"), "allow_origins": origins},
        "serve",
    )
    run(
        names_of(models), host, port, options, read_keys(api_key_file),
        device=device, watches=watch, log_format=log_format_of(log_format),
    )  # fmt: skip

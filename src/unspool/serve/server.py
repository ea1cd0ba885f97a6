"""`unspool serve` from start to end: folders are loaded, a socket is opened, and questions answered until a signal."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Mapping, Sequence
from pathlib import Path

from unspool.errors import MissingExtra, Mistake
from unspool.serve.keys import Keys
from unspool.serve.logs import LOG, LogFormat, configure_logs
from unspool.serve.options import ServeOptions


def names_of(models: Sequence[str]) -> dict[str, Path]:
    """Folders by their names: NAME=FOLDER, or a folder that is called by its own name.

    >>> names_of(["runs/g2p", "fr=runs/french"])
    {'g2p': PosixPath('runs/g2p'), 'fr': PosixPath('runs/french')}
    """
    from unspool.named_models import find_model

    found: dict[str, Path] = {}
    for model in models:
        name, equals, folder = model.partition("=")
        if not equals or Path(model).is_dir():
            name, folder = Path(model).resolve().name, model
        if name in found:
            what = f"Two models are called '{name}': {found[name]} and {folder}."
            raise Mistake(what, "Give one of them another name: NAME=FOLDER")
        if not name or not folder:
            raise Mistake(f"'{model}' names no model.", "Give a folder, or NAME=FOLDER.")
        found[name] = find_model(Path(folder))
    return found


def serve(
    folders: Mapping[str, Path],
    host: str,
    port: int,
    options: ServeOptions,
    keys: Keys,
    *,
    device: str = "auto",
    watches: bool = False,
    log_format: LogFormat = "text",
) -> None:
    """Serve models until the process is told to end; see `ServeOptions`."""
    try:
        from unspool.serve.app import create_app
        from unspool.serve.connections import bind, run
        from unspool.serve.gate import Crowded
        from unspool.serve.service import Service
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("fastapi", "starlette", "uvicorn", "prometheus_client"):
            raise
        raise MissingExtra("Serving over HTTP", "serve") from None
    configure_logs(log_format)
    with bind(host, port) as bound:
        service = Service(folders, options, keys, device, watches=watches)
        for served in service.models.values():
            LOG.info("%s: %s", served.name, served.predictor.engine)
        address = bound.getsockname()

        def on_listening() -> None:
            LOG.info("Listening at %s", url(address[0], address[1]))
            if not keys and not ipaddress.ip_address(address[0]).is_loopback:
                what = "Whoever reaches this address can ask: it is not 127.0.0.1, and there is no API key"
                LOG.warning("%s (UNSPOOL_API_KEY, --api-key-file)", what)

        tasks: set[asyncio.Task[None]] = set()

        def on_hangup() -> None:
            task = asyncio.get_running_loop().create_task(service.try_reload())
            tasks.add(task)  # the loop itself does not keep it
            task.add_done_callback(tasks.discard)

        app = create_app(service)
        run(app, Crowded(app, service), bound, options, on_listening, on_hangup)
        LOG.info("Ended")


def url(host: str, port: int) -> str:
    """The address of a server.

    >>> url("127.0.0.1", 8080), url("::1", 8080)
    ('http://127.0.0.1:8080', 'http://[::1]:8080')
    """
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"

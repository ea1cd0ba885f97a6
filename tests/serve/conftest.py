"""Servers over small exported models of an earlier release, in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from servers import exported, service_of
from unspool.serve.app import create_app
from unspool.serve.service import Service


@pytest.fixture
def serving() -> Iterator[Callable[..., TestClient]]:
    """`serving("luong", "values", max_sources=3)`: a client of a server with these models and options."""
    with ExitStack() as stack:

        def start(*names: str, service: Service | None = None, **options: Any) -> TestClient:
            app = create_app(service or service_of(*names, **options))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield start


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a server with models of texts, of labels for documents, of real values, and without attention."""
    with TestClient(create_app(service_of("luong", "han", "values", "cho")), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """An exported folder of one's own."""
    return Path(shutil.copytree(exported("luong"), tmp_path / "mine"))

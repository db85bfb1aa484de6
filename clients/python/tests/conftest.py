"""Fixtures on the real API that test/shared/python-client.test.ts names by variables."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from recording import Faults, FaultyTransport
from vidette import Vidette
from vidette.types import SubmittedJob

FILES = Path(os.environ["VIDETTE_TEST_FILES"])
CAMERA_URL = os.environ["VIDETTE_TEST_CAMERA"]


@pytest.fixture(scope="session", autouse=True)
def short_polls() -> Iterator[None]:
    """Poll more often than users: jobs of tests take about a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vidette.waiting.POLL_S", (0.1, 0.25))
        yield


@pytest.fixture(scope="session")
def client() -> Iterator[Vidette]:
    with Vidette(transport=FaultyTransport()) as vidette:
        yield vidette


@pytest.fixture
def faulty() -> Iterator[Callable[..., Vidette]]:
    """Make clients whose connections break."""
    clients: list[Vidette] = []

    def make(faults: Faults, retries: int = 4) -> Vidette:
        clients.append(Vidette(retries=retries, transport=FaultyTransport(faults)))
        return clients[-1]

    yield make
    for made in clients:
        made.close()


@pytest.fixture(scope="session")
def image() -> Path:
    return FILES / "image.png"


@pytest.fixture(scope="session")
def clip() -> Path:
    return FILES / "python-client.mp4"


@pytest.fixture(scope="session")
def files_url() -> Iterator[str]:
    """Serve the files of the test on loopback."""
    handler = partial(QuietHandler, directory=str(FILES))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def ready(client: Vidette, clip: Path) -> SubmittedJob:
    """Run a job that the tests only read."""
    job = client.jobs.submit(clip, event_id=new_id("ready"), every=2)
    client.jobs.wait(job.event_id, timeout=120)
    return job


def new_id(name: str) -> str:
    """Return an id of a job of its own: the stack is shared."""
    return f"python-client-{name}-{uuid.uuid4().hex[:12]}"

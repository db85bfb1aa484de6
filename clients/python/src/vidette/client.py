"""The clients."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Generic

import httpx

from .alerts import Alerts
from .api import Api, Options
from .catalogue import Models
from .datasets import Datasets
from .experiments import Experiments
from .image_batches import ImageBatches
from .images import Images
from .jobs import Jobs
from .modes import Awaiting, Blocking, M, operation, run
from .request import Request
from .retrainings import Retrainings
from .sightings import Sightings
from .streams import Streams
from .transport import AsyncTransport, BlockingTransport, Transport
from .types import Health, ModelInfo
from .videos import Videos
from .zone_sets import StoredZones

DEFAULT_URL = "http://127.0.0.1:8080"


class Client(Images[M], Generic[M]):
    """What both clients offer; images are on the client itself."""

    jobs: Jobs[M]
    videos: Videos[M]
    zone_sets: StoredZones[M]
    sightings: Sightings[M]
    alerts: Alerts[M]
    streams: Streams[M]
    models: Models[M]
    datasets: Datasets[M]
    image_batches: ImageBatches[M]
    retrainings: Retrainings[M]
    experiments: Experiments[M]

    def _connect(self, transport: Transport, options: Options) -> None:
        self._api = Api(transport, options)
        self.jobs = Jobs(self._api)
        self.videos = Videos(self._api)
        self.zone_sets = StoredZones(self._api)
        self.sightings = Sightings(self._api)
        self.alerts = Alerts(self._api)
        self.streams = Streams(self._api)
        self.models = Models(self._api)
        self.datasets = Datasets(self._api)
        self.image_batches = ImageBatches(self._api)
        self.retrainings = Retrainings(self._api)
        self.experiments = Experiments(self._api)

    @operation
    async def health(self) -> Health:
        """Return whether the API can predict images."""
        return await self._api.call(Request("getHealth", expected=frozenset({503})), Health)

    @operation
    async def model_info(self) -> ModelInfo:
        """Return the model of `predict`."""
        return await self._api.call(Request("getModelInfo"), ModelInfo)


class Vidette(Client[Blocking]):
    """Client of the API of Vidette. Use it in a `with` statement, or call `close`.

    `url`: default VIDETTE_URL, then http://127.0.0.1:8080. `api_key`: default VIDETTE_API_KEY.
    `timeout`: seconds to connect, and between two parts of a response. `retries`: further attempts
    after connection errors, 429 and 503. `reconnect_s`: seconds for which jobs and streams are
    followed without a connection. `transport`: a transport of httpx, for proxies and certificates.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        reconnect_s: float = 300.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Open no connection yet."""
        client = httpx.Client(transport=transport, follow_redirects=False)
        options = _options(url, api_key, timeout, retries, reconnect_s)
        self._connect(BlockingTransport(client), options)

    def close(self) -> None:
        """Close all connections."""
        run(self._api.transport.shut())

    def __enter__(self) -> Vidette:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        self.close()


class AsyncVidette(Client[Awaiting]):
    """The same client for asyncio: `await` its methods, and iterate with `async for`.

    Use it in an `async with` statement, or await `aclose`. Arguments are those of `Vidette`.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        reconnect_s: float = 300.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Open no connection yet."""
        client = httpx.AsyncClient(transport=transport, follow_redirects=False)
        options = _options(url, api_key, timeout, retries, reconnect_s)
        self._connect(AsyncTransport(client), options)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.transport.shut()

    async def __aenter__(self) -> AsyncVidette:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.aclose()


def _options(
    url: str | None, api_key: str | None, timeout: float, retries: int, reconnect_s: float
) -> Options:
    chosen = url or os.environ.get("VIDETTE_URL") or DEFAULT_URL
    if not chosen.startswith(("http://", "https://")):
        raise ValueError(
            f"The URL of the API is {chosen!r}; it must begin with http:// or https://."
        )
    key = api_key or os.environ.get("VIDETTE_API_KEY") or None
    return Options(chosen.rstrip("/"), key, timeout, retries, reconnect_s)

"""Worker of the queue `train`: `python -m vidette_train.worker`."""

import asyncio
import dataclasses
import fcntl
import logging
import shutil
import signal
import sys
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client, TLSConfig
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    default,
)
from temporalio.worker import Worker

from .activity import TrainActivities
from .contract import QUEUE
from .payloads import EncryptedPayloads
from .settings import Settings, TemporalSettings, read_settings
from .store import Store

_LOG = logging.getLogger(__name__)
_HEARTBEAT = timedelta(seconds=1)
_GRACE = timedelta(seconds=10)


async def main() -> None:
    """Train one model at a time until SIGTERM or SIGINT; a training then continues elsewhere."""
    settings = read_settings()
    scratch = claim_folder(settings.scratch)
    client = await Client.connect(
        settings.temporal.address,
        namespace=settings.temporal.namespace,
        api_key=settings.temporal.api_key,
        tls=tls_of(settings.temporal),
        data_converter=converter_of(settings),
    )
    activities = TrainActivities(Store(settings.store), scratch)
    worker = Worker(
        client,
        task_queue=QUEUE,
        activities=[activities.train_model],
        max_concurrent_activities=1,
        max_heartbeat_throttle_interval=_HEARTBEAT,
        default_heartbeat_throttle_interval=_HEARTBEAT,
        graceful_shutdown_timeout=_GRACE,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with worker:
        _LOG.info("ready: polls the queue %s of %s", QUEUE, settings.temporal.address)
        await stop.wait()
        _LOG.info("stopping")


def claim_folder(folder: Path) -> Path:
    """Lock the folder of this worker, and remove what a killed one has left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "train.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"{folder} belongs to another train worker. Set VIDETTE_SCRATCH_DIR.")
    _LOCKS.append(lock)
    attempts = folder / "attempts"
    shutil.rmtree(attempts, ignore_errors=True)
    attempts.mkdir(exist_ok=True)
    return attempts


# Open until the process ends, which releases the lock.
_LOCKS: list[object] = []


def tls_of(settings: TemporalSettings) -> TLSConfig | bool:
    """Return how to connect: with TLS if a variable of it is set."""

    def read(path: Path | None) -> bytes | None:
        return path.read_bytes() if path else None

    config = TLSConfig(
        server_root_ca_cert=read(settings.server_ca),
        domain=settings.server_name,
        client_cert=read(settings.client_cert),
        client_private_key=read(settings.client_key),
    )
    is_set = any(value is not None for value in dataclasses.astuple(config))
    return config if is_set else settings.tls or settings.api_key is not None


def converter_of(settings: Settings) -> DataConverter:
    """Return the conversion of payloads, which encrypts them if there are keys."""
    if settings.payload_keys is None:
        return default()
    return dataclasses.replace(
        default(),
        payload_codec=EncryptedPayloads(settings.payload_keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    asyncio.run(main())

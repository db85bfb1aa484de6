"""The activity `trainModel`."""

import asyncio
import contextlib
import json
import logging
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from . import contract
from .checkpoints import Checkpoints, Step
from .contract import TrainedModel, TrainHeartbeat, TrainModelInput, TrainModelOutput
from .dataset import title_of, write_folder
from .errors import TrainError
from .process import run_trainer
from .store import Store, file_sha256

_HEARTBEAT_S = 1.0
_LOG = logging.getLogger(__name__)
# Fields of a manifest that are those of one version.
_OF_VERSION = ("version", "files", "mlflow", "trained")

Report = Callable[[TrainHeartbeat], None]


class TrainActivities:
    """Activities of the worker, with the store and the folder that they use."""

    def __init__(self, store: Store, scratch: Path) -> None:
        """Create the activities; each attempt has a folder of its own in `scratch`."""
        self._store = store
        self._scratch = scratch

    @activity.defn(name=contract.ACTIVITY)
    async def train_model(self, job: TrainModelInput) -> TrainModelOutput:
        """Train a model on a data set, from the newest checkpoint of an earlier attempt.

        A training that has ended is not repeated. A TrainError becomes a failure of its code that
        Temporal does not retry; any other error is retried.
        """
        start = time.monotonic()
        try:
            async with _heartbeats() as report:
                model = await self._find_result(job)
                resumed_from = None
                if model is None:
                    model, resumed_from = await self._train(job, report)
        except TrainError as error:
            raise ApplicationError(str(error), type=error.code, non_retryable=True) from error
        seconds = round(time.monotonic() - start, 1)
        _LOG.info("model trained: %s in %s s", job.retrain_id, seconds)
        attempt = activity.info().attempt
        return {**model, "seconds": seconds, "attempt": attempt, "resumed_from": resumed_from}

    async def _find_result(self, job: TrainModelInput) -> TrainedModel | None:
        data = await self._store.find(contract.RESULTS, contract.result_key(job.out))
        if data is None:
            return None
        stored = json.loads(data)
        stored.pop("keras_sha256", None)
        result: TrainedModel = stored
        return result

    async def _train(self, job: TrainModelInput, report: Report) -> tuple[TrainedModel, int | None]:
        checkpoints = Checkpoints(self._store, job.out, uuid.uuid4().hex)
        with tempfile.TemporaryDirectory(dir=self._scratch, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            manifest = await self._read_manifest(job)
            await write_folder(self._store, job, manifest, folder)
            resumed_from = await checkpoints.restore(folder / "checkpoint")
            stored: str | None = None
            _LOG.info("training started: %s from step %s", job.retrain_id, resumed_from)

            def on_step(step: Step) -> None:
                report(_details(stored, step))

            async def on_checkpoint(step: Step) -> None:
                nonlocal stored
                await checkpoints.save(folder / "checkpoint", step)
                stored = checkpoints.prefix
                report(_details(stored, step))

            await run_trainer(folder, job.limits, on_step, on_checkpoint)
            model = await self._store_model(job, manifest, folder)
            await checkpoints.remove_all()
            return model, resumed_from

    async def _read_manifest(self, job: TrainModelInput) -> dict[str, Any]:
        base = job.base
        data = await self._store.find(contract.MODELS, contract.manifest_key(base))
        manifest: dict[str, Any] = json.loads(data) if data else {}
        if manifest.get("sha256") != base.sha256:
            raise TrainError(
                "MODEL_INVALID",
                f"Model {base.name}@{base.version} was removed from the catalogue. Retrain another "
                "version.",
            )
        if manifest["output"]["family"] != "classifier" or job.task != "classify":
            raise TrainError(
                "MODEL_INVALID",
                f"Model {base.name}@{base.version} is not a classifier: this worker trains only "
                "classifiers.",
            )
        return manifest

    async def _store_model(
        self, job: TrainModelInput, manifest: dict[str, Any], folder: Path
    ) -> TrainedModel:
        """Store the model, then its description: a training without one has not ended."""
        path, network = folder / "out/model.onnx", folder / "out/network.keras"
        try:
            labels = json.loads((folder / "out/labels.json").read_text())
            metrics = json.loads((folder / "out/metrics.json").read_text())
            sha256, keras_sha256 = file_sha256(path), file_sha256(network)
        except (OSError, ValueError) as error:
            message = f"The trainer has not written a model: {error}"
            raise TrainError("MODEL_INVALID", message) from error
        size_bytes = path.stat().st_size
        base = f"{job.base.name}@{job.base.version}"
        model: TrainedModel = {
            "key": contract.model_key(job.out),
            "sha256": sha256,
            "size_bytes": size_bytes,
            "manifest": {
                **{key: value for key, value in manifest.items() if key not in _OF_VERSION},
                "labels": labels,
                "sha256": sha256,
                "size_bytes": size_bytes,
                "source": f"{base} trained with data set {title_of(job.dataset)} by Keras",
            },
            "metrics": metrics,
        }
        network_key = contract.network_key(job.out, keras_sha256)
        await self._store.put_file(contract.RESULTS, network_key, network)
        await self._store.put_file(contract.RESULTS, model["key"], path)
        result = json.dumps({**model, "keras_sha256": keras_sha256}).encode()
        await self._store.put(contract.RESULTS, contract.result_key(job.out), result)
        return model


def _details(checkpoint: str | None, step: Step) -> TrainHeartbeat:
    return {"checkpoint": checkpoint, "step": step.step, "of": step.of, "loss": step.loss}


@contextlib.asynccontextmanager
async def _heartbeats() -> AsyncIterator[Report]:
    """Send a heartbeat every second, whatever the progress, with the newest details."""
    details: list[TrainHeartbeat] = []

    async def beat() -> None:
        while True:
            activity.heartbeat(*details[-1:])
            await asyncio.sleep(_HEARTBEAT_S)

    task = asyncio.create_task(beat())
    try:
        yield lambda newest: details.__setitem__(slice(None), [newest])
    finally:
        task.cancel()

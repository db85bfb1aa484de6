"""Experiments: two versions of a classifier on what users send."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from .modes import M, Resource, iteration, operation
from .request import Request
from .types import Experiment, ExperimentDetails

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import ExperimentOptions


class Experiments(Resource[M]):
    """Operations on experiments.

    Those that change one are not sent again after a lost response: the second request would fail
    because of what the first one did.
    """

    @operation
    async def start(
        self, model: str, challenger: int, **options: Unpack[ExperimentOptions]
    ) -> Experiment:
        """Compare another version of the model of `predict` with the one in use.

        Raises ConflictError while an experiment of the model is running.
        """
        body = {"model": model, "challenger": challenger, **options}
        request = Request("startExperiment", json=body, slow=True, repeatable=False)
        return await self._api.call(request, Experiment)

    @iteration
    async def list(self, *, page_size: int = 100) -> AsyncGenerator[Experiment, None]:
        """Yield experiments, the newest first."""
        request = Request("listExperiments")
        async for experiment in self._api.pages(request, "experiments", Experiment, page_size):
            yield experiment

    @operation
    async def get(self, experiment_id: str) -> ExperimentDetails:
        """Return an experiment with its figures and its evidence. Raises NotFoundError."""
        return await self._api.call(_on("getExperiment", experiment_id), ExperimentDetails)

    @operation
    async def stop(self, experiment_id: str) -> ExperimentDetails:
        """Stop an experiment, which can be decided afterwards."""
        request = _on("stopExperiment", experiment_id, repeatable=False)
        return await self._api.call(request, ExperimentDetails)

    @operation
    async def decide(self, experiment_id: str, *, promote: bool, reason: str) -> ExperimentDetails:
        """End an experiment: promote the challenger, or keep the champion."""
        body = {"promote": promote, "reason": reason}
        request = _on("decideExperiment", experiment_id, json=body, repeatable=False)
        return await self._api.call(request, ExperimentDetails)


def _on(name: str, experiment_id: str, **fields: Any) -> Request:
    return Request(name, path={"experiment_id": experiment_id}, **fields)

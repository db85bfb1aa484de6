"""Retraining of models."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Any

from .decode import decode
from .errors import RetrainingFailedError
from .modes import M, Resource, iteration, operation
from .request import Request, given
from .types import Retraining, StartedRetraining
from .types.jobs import CLOSED
from .waiting import wait_until

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import RetrainOptions


class Retrainings(Resource[M]):
    """Operations on retrainings; a model has one at a time."""

    @operation
    async def start(self, model: str, **options: Unpack[RetrainOptions]) -> StartedRetraining:
        """Train a model further on a data set, unless a retraining of it is running."""
        request = _on("startRetraining", model, json=options)
        return await self._api.call(request, StartedRetraining)

    @iteration
    async def list(
        self, *, model: str | None = None, dataset: str | None = None
    ) -> AsyncGenerator[Retraining, None]:
        """Yield the newest retraining of each model, or those of a model or a data set."""
        request = Request("listRetrainings", query=given(model=model, dataset=dataset))
        for retraining in json.loads(await self._api.read(request))["retrainings"]:
            yield decode(Retraining, retraining)

    @operation
    async def get(self, model: str) -> Retraining:
        """Return the newest retraining of a model. Raises NotFoundError."""
        return await self._api.call(_on("getRetraining", model), Retraining)

    @operation
    async def wait(
        self,
        model: str,
        *,
        timeout: float | None = None,
        on_progress: Callable[[Retraining], None] | None = None,
        check: bool = True,
    ) -> Retraining:
        """Wait until a retraining has ended, or its challenger waits for a decision.

        `timeout` is in seconds. Raises RetrainingFailedError if it failed or was cancelled, unless
        `check` is False, and WaitTimeoutError.
        """
        retraining = await wait_until(
            self._api,
            _on("getRetraining", model),
            Retraining,
            lambda state: state.status in CLOSED or state.stage == "waiting",
            name=f"The retraining of {model}",
            timeout=timeout,
            on_state=on_progress,
        )
        if check and retraining.status in ("failed", "cancelled"):
            raise RetrainingFailedError(retraining)
        return retraining

    @operation
    async def decide(self, model: str, *, promote: bool, reason: str) -> Retraining:
        """Promote or reject the challenger. Raises ConflictError if none waits for a decision."""
        body = {"promote": promote, "reason": reason}
        # Sent again after a lost response, it would fail because of the first decision.
        request = _on("decideRetraining", model, json=body, repeatable=False)
        return await self._api.call(request, Retraining)


def _on(name: str, model: str, **fields: Any) -> Request:
    return Request(name, path={"name": model}, **fields)

"""The model catalogue."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from .modes import M, Resource, iteration
from .request import Request
from .types import Model


class Models(Resource[M]):
    """Operations on models."""

    @iteration
    async def list(self, *, page_size: int = 100) -> AsyncGenerator[Model, None]:
        """Yield all models of the catalogue."""
        async for model in self._api.pages(Request("listModels"), "models", Model, page_size):
            yield model

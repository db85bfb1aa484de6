"""Search over all videos and cameras."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime

from .modes import M, Resource, iteration
from .request import Request, given
from .types import Sighting


class Sightings(Resource[M]):
    """Operations on what jobs and cameras detected."""

    @iteration
    async def find(
        self,
        class_name: str | None = None,
        *,
        conf: float | None = None,
        video: str | None = None,
        job: str | None = None,
        camera: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int = 100,
    ) -> AsyncGenerator[Sighting, None]:
        """Yield the sightings that match, the newest first; pages are requested as needed.

        `conf` is the minimum of the highest confidence, `video` a `video_id`, `job` an `event_id`,
        `camera` a `scenario_uuid`; `start` is included, `end` is not.
        """
        span = given(**{"class": class_name, "from": start, "to": end})
        query = {**span, **given(conf=conf, video=video, job=job, camera=camera)}
        request = Request("findSightings", query=query)
        async for sighting in self._api.pages(request, "sightings", Sighting, page_size):
            yield sighting

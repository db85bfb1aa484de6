"""Named zones and lines of videos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .modes import M, Resource, operation
from .request import Request, given
from .types import Line, Zone, ZoneSet, ZoneSets

DEFAULT_NAME = "default"
"""Name under which the page stores the zones that are drawn on a video."""


class StoredZones(Resource[M]):
    """Operations on the zones and lines of a video, which apply to all of its jobs."""

    @operation
    async def list(self, video_id: str, *, bucket: str | None = None) -> tuple[ZoneSet, ...]:
        """Return the zones of a video by their name."""
        request = Request("listZoneSets", path={"video_id": video_id}, query=given(bucket=bucket))
        return (await self._api.call(request, ZoneSets)).sets

    @operation
    async def get(
        self, video_id: str, name: str = DEFAULT_NAME, *, bucket: str | None = None
    ) -> ZoneSet:
        """Return the zones that a video has under a name."""
        return await self._api.call(_on_set("getZoneSet", video_id, name, bucket), ZoneSet)

    @operation
    async def put(
        self,
        video_id: str,
        zones: Sequence[Zone | Line],
        name: str = DEFAULT_NAME,
        *,
        bucket: str | None = None,
    ) -> ZoneSet:
        """Store zones under a name, in place of those that it had."""
        request = _on_set("putZoneSet", video_id, name, bucket, json={"zones": zones})
        return await self._api.call(request, ZoneSet)

    @operation
    async def delete(
        self, video_id: str, name: str = DEFAULT_NAME, *, bucket: str | None = None
    ) -> None:
        """Delete the zones that a video has under a name, if it has any."""
        await self._api.read(_on_set("deleteZoneSet", video_id, name, bucket))


def _on_set(operation: str, video_id: str, name: str, bucket: str | None, **fields: Any) -> Request:
    path = {"video_id": video_id, "name": name}
    return Request(operation, path=path, query=given(bucket=bucket), **fields)

"""Scenarios: cameras in which objects are detected."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .following import follow
from .modes import M, Resource, iteration, operation
from .request import Request, given
from .types import (
    CameraZoneCounts,
    DeployedStream,
    ScenarioOptions,
    Stream,
    StreamAccount,
    StreamEvent,
    StreamGap,
    StreamRow,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Streams(Resource[M]):
    """Operations on scenarios."""

    @operation
    async def deploy(
        self,
        scenario_uuid: str | None = None,
        *,
        camera_url: str | None = None,
        camera_id: str | None = None,
        **parameters: Unpack[ScenarioOptions],
    ) -> DeployedStream:
        """Start a scenario of a camera; the same request again returns the running one.

        Without a `scenario_uuid`, a new one is made. A `camera_url` needs the scope `cameras`.
        """
        body = {"scenario_uuid": scenario_uuid or str(uuid.uuid4()), **parameters}
        body |= given(camera_url=camera_url, camera_id=camera_id)
        return await self._api.call(Request("deployStream", json=body), DeployedStream)

    @iteration
    async def list(self, *, page_size: int = 100) -> AsyncGenerator[Stream, None]:
        """Yield scenarios, the newest first."""
        async for stream in self._api.pages(Request("listStreams"), "streams", Stream, page_size):
            yield stream

    @operation
    async def get(self, scenario_uuid: str) -> Stream:
        """Return a scenario with its state. Raises NotFoundError."""
        return await self._api.call(_on("getStream", scenario_uuid), Stream)

    @operation
    async def configure(
        self,
        scenario_uuid: str,
        *,
        camera_url: str | None = None,
        camera_id: str | None = None,
        **changes: Unpack[ScenarioOptions],
    ) -> Stream:
        """Change parameters of a running scenario; None removes `classes`, `model` or `record`."""
        body = {**changes, **given(camera_url=camera_url, camera_id=camera_id)}
        return await self._api.call(_on("changeStream", scenario_uuid, json=body), Stream)

    @operation
    async def pause(self, scenario_uuid: str) -> Stream:
        """Close the camera and free its slot; the state follows within seconds."""
        return await self._api.call(_on("pauseStream", scenario_uuid), Stream)

    @operation
    async def resume(self, scenario_uuid: str) -> Stream:
        """Watch the camera of a paused scenario again."""
        return await self._api.call(_on("resumeStream", scenario_uuid), Stream)

    @operation
    async def stop(self, scenario_uuid: str) -> Stream:
        """End a scenario; its rows are kept."""
        return await self._api.call(_on("stopStream", scenario_uuid), Stream)

    @operation
    async def delete(self, scenario_uuid: str) -> None:
        """Stop a scenario and delete its rows, clips and events."""
        await self._api.read(_on("deleteStream", scenario_uuid, slow=True))

    @iteration
    async def results(
        self,
        scenario_uuid: str,
        *,
        after: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        follow_new: bool = False,
        from_end: bool = False,
        gaps: bool = False,
        details: bool = False,
    ) -> AsyncGenerator[StreamRow | StreamGap, None]:
        """Yield rows in order, each once, also over lost connections.

        `after` is the number of the last row that is known. With `follow_new`, new rows follow
        until the scenario has ended; `from_end` leaves out those that are stored already. `gaps`
        adds the times without rows, `details` what is known about a row.
        """
        span = given(**{"from": start, "to": end, "after": after})
        flags = {"follow": follow_new, "from_end": from_end, "gaps": gaps, "details": details}
        query = {**span, **given(**{name: True for name, value in flags.items() if value})}
        request = _on("streamResults", scenario_uuid, query=query)
        # A gap has the id of the row before: after a lost connection it is sent again.
        known_gaps: set[datetime] = set()
        async for event in follow(self._api, request):
            if event.name != "gap":
                known_gaps.clear()
                yield self._api.parse(request, StreamRow, event.data)
                continue
            gap = self._api.parse(request, StreamGap, event.data)
            if gap.gap.start not in known_gaps:
                known_gaps.add(gap.gap.start)
                yield gap

    @operation
    async def account(
        self,
        scenario_uuid: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> StreamAccount:
        """Return the seconds that were seen and the gaps; default: the last 24 hours."""
        query = given(**{"from": start, "to": end})
        request = _on("getStreamAccount", scenario_uuid, query=query)
        return await self._api.call(request, StreamAccount)

    @operation
    async def zones(
        self,
        scenario_uuid: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> CameraZoneCounts:
        """Count the passages of zones and lines by minute; default: the last 24 hours."""
        query = given(**{"from": start, "to": end})
        request = _on("countStreamPassages", scenario_uuid, query=query)
        return await self._api.call(request, CameraZoneCounts)

    @iteration
    async def events(
        self,
        scenario_uuid: str,
        *,
        kind: Literal["rule", "zone"] | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int = 100,
    ) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of rules and the passages of zones, or one kind, the newest first."""
        query = given(**{"kind": kind, "from": start, "to": end})
        request = _on("listStreamEvents", scenario_uuid, query=query)
        async for event in self._api.pages(request, "events", StreamEvent, page_size):
            yield event


def _on(name: str, scenario_uuid: str, **fields: Any) -> Request:
    return Request(name, path={"scenario_uuid": scenario_uuid}, **fields)

"""Log of alerts, and tests of their channels."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from .modes import M, Resource, iteration, operation
from .request import Request, given
from .types import Alert, AlertChannel


class Alerts(Resource[M]):
    """Operations on alerts of jobs and cameras."""

    @iteration
    async def list(
        self,
        *,
        job: str | None = None,
        camera: str | None = None,
        rule: str | None = None,
        page_size: int = 100,
    ) -> AsyncGenerator[Alert, None]:
        """Yield the alerts that were sent or suppressed, the newest first.

        `job` is an `event_id`, `camera` a `scenario_uuid`, `rule` the name of a rule.
        """
        request = Request("listAlerts", query=given(job=job, stream=camera, rule=rule))
        async for alert in self._api.pages(request, "alerts", Alert, page_size):
            yield alert

    @operation
    async def snapshot(self, alert_id: str) -> bytes:
        """Return the JPEG of the frame of an alert. Raises NotFoundError if it has none."""
        return await self._api.read(Request("getAlertSnapshot", path={"alert_id": alert_id}))

    @operation
    async def test(self, channel: AlertChannel) -> Alert:
        """Send a test to a channel, and return it with its outcome after at most 30 seconds."""
        body = {"channel": channel}
        request = Request("testAlertChannel", json=body, repeatable=False, slow=True)
        return await self._api.call(request, Alert)

"""Waiting for something that runs, also while the API is restarted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .api import Api
from .errors import VidetteError, WaitTimeoutError
from .following import Patience
from .request import Request

T = TypeVar("T")

POLL_S = (0.25, 3.0)
"""First and longest interval between two requests, in seconds."""


async def wait_until(
    api: Api,
    request: Request,
    kind: type[T],
    is_met: Callable[[T], bool],
    *,
    name: str,
    timeout: float | None,
    on_state: Callable[[T], None] | None = None,
) -> T:
    """Request a state until it meets a condition, and return it.

    `name` is that of the thing in messages, `timeout` is in seconds. Each state that differs from
    the one before is passed to `on_state`. Raises WaitTimeoutError.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    pause_s, longest_s = POLL_S
    patience = Patience(api)
    reported: T | None = None
    while True:
        try:
            state = await api.call(request, kind)
        except VidetteError as error:
            await patience.wait(error)
        else:
            patience.renew()
            if on_state and state != reported:
                reported = state
                on_state(state)
            if is_met(state):
                return state
        if deadline is not None and time.monotonic() + pause_s > deadline:
            raise WaitTimeoutError(f"{name} has not ended within {timeout} s; it continues.")
        await api.transport.sleep(pause_s)
        pause_s = min(longest_s, pause_s * 1.5)

"""Methods that are written once and work in both clients.

A method of a `Resource` is a coroutine or an asynchronous generator. In `Vidette` it is run to its
end, or iterated with `for`; in `AsyncVidette` it is awaited, or iterated with `async for`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from functools import update_wrapper, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

if TYPE_CHECKING:
    from .api import Api


class Blocking:
    """Marks resources of `Vidette`."""


class Awaiting:
    """Marks resources of `AsyncVidette`."""


M = TypeVar("M", Blocking, Awaiting)
P = ParamSpec("P")
T = TypeVar("T")


class Resource(Generic[M]):
    """Operations on one kind of thing, on the connections of a client."""

    def __init__(self, api: Api) -> None:
        """Use the connections of a client."""
        self._api = api


class operation(Generic[P, T]):  # noqa: N801 - a decorator
    """Decorator of a method that is one or more requests."""

    def __init__(self, function: Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]) -> None:
        """Wrap a coroutine function."""
        self._function = function
        update_wrapper(cast(Any, self), function)

    @overload
    def __get__(self, instance: None, owner: type) -> operation[P, T]: ...
    @overload
    def __get__(self, instance: Resource[Blocking], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, instance: Resource[Awaiting], owner: type
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        """Bind the method to a resource."""
        if instance is None:
            return self

        @wraps(self._function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T | Coroutine[Any, Any, T]:
            result = self._function(instance, *args, **kwargs)
            return result if instance._api.transport.is_async else run(result)

        return call


class iteration(Generic[P, T]):  # noqa: N801 - a decorator
    """Decorator of a method that yields."""

    def __init__(self, function: Callable[Concatenate[Any, P], AsyncGenerator[T, None]]) -> None:
        """Wrap an asynchronous generator function."""
        self._function = function
        update_wrapper(cast(Any, self), function)

    @overload
    def __get__(self, instance: None, owner: type) -> iteration[P, T]: ...
    @overload
    def __get__(
        self, instance: Resource[Blocking], owner: type
    ) -> Callable[P, Generator[T, None, None]]: ...
    @overload
    def __get__(
        self, instance: Resource[Awaiting], owner: type
    ) -> Callable[P, AsyncGenerator[T, None]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        """Bind the method to a resource."""
        if instance is None:
            return self

        @wraps(self._function)
        def call(
            *args: P.args, **kwargs: P.kwargs
        ) -> Generator[T, None, None] | AsyncGenerator[T, None]:
            items = self._function(instance, *args, **kwargs)
            return items if instance._api.transport.is_async else _iterate(items)

        return call


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return cast(T, stop.value)
    coroutine.close()
    raise RuntimeError("A coroutine of the blocking client was suspended.")


def _iterate(items: AsyncGenerator[T, None]) -> Generator[T, None, None]:
    async def step() -> T:
        return await items.__anext__()

    try:
        while True:
            try:
                item = run(step())
            except StopAsyncIteration:
                return
            yield item
    finally:
        run(_close(items))


async def _close(items: AsyncGenerator[Any, None]) -> None:
    await items.aclose()

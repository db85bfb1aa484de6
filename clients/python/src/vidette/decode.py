"""JSON to the data classes of `vidette.types`."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def decode(kind: type[T], value: Any) -> T:
    """Return a value of a class from JSON; unknown members are ignored.

    Raises KeyError, TypeError or ValueError if a member is missing or has another type.
    """
    return cast(T, _decoder(kind)(value))


_known: dict[Any, Decoder] = {}


def _decoder(kind: Any) -> Decoder:
    if kind not in _known:
        _known[kind] = _make_decoder(kind)
    return _known[kind]


def _make_decoder(kind: Any) -> Decoder:
    if dataclasses.is_dataclass(kind):
        return _class_decoder(cast(type, kind))
    if kind is datetime:
        return _time
    if kind is float:
        return float
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union_decoder(arguments)
    if origin is dict:
        of_value = _decoder(arguments[1])
        return lambda value: {name: of_value(member) for name, member in value.items()}
    if origin is tuple:
        of_item = _decoder(arguments[0])  # all items of a tuple have one type
        return lambda value: tuple(of_item(item) for item in value)
    return lambda value: value


def _class_decoder(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    fields = [
        (field.name, _json_name(field), _decoder(hints[field.name]), _is_required(field))
        for field in dataclasses.fields(kind)
    ]

    def decode_class(value: Any) -> Any:
        return kind(
            **{
                name: of_member(value[json_name])
                for name, json_name, of_member, required in fields
                if required or json_name in value
            }
        )

    return decode_class


def _union_decoder(kinds: tuple[Any, ...]) -> Decoder:
    """Choose the first class whose required members the value has."""
    known = [kind for kind in kinds if kind is not type(None)]
    classes: list[Any] = [kind for kind in known if dataclasses.is_dataclass(kind)]
    if not classes:
        of_value = _decoder(known[0]) if len(known) == 1 else lambda value: value
        return lambda value: None if value is None else of_value(value)

    def decode_one(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            return value
        for kind in classes:
            if all(_json_name(f) in value for f in dataclasses.fields(kind) if _is_required(f)):
                return _decoder(kind)(value)
        raise KeyError(f"one of {[kind.__name__ for kind in classes]}")

    return decode_one


def _json_name(field: dataclasses.Field[Any]) -> str:
    return str(field.metadata.get("json", field.name))


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00"))

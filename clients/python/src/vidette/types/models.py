"""Models and the state of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class ModelRef:
    """Version of a model; `sha256` is that of its ONNX file, in hex."""

    name: str
    version: int
    sha256: str


@dataclass(frozen=True)
class Model:
    """Model of the catalogue; `classes` by class id."""

    name: str
    version: int
    sha256: str
    task: Literal["detect", "segment", "classify"]
    classes: tuple[str, ...]
    licence: str
    source: str
    size_bytes: int
    is_default: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class ModelInfo:
    """Model of `predict`; `registry` and `unusable` of a model of MLflow."""

    model_name: str
    version: int
    classes: tuple[str, ...]
    registry: dict[str, Any] | None = None
    unusable: dict[str, Any] | None = None


@dataclass(frozen=True)
class Health:
    """Whether the API can predict images."""

    status: Literal["healthy", "unhealthy"]
    model_loaded: bool
    result: bool

"""Settings from the environment; the variables are those of Vidette's own workers."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TemporalSettings:
    """Connection to Temporal; the paths are those of PEM files."""

    address: str
    namespace: str
    api_key: str | None
    tls: bool
    server_ca: Path | None
    server_name: str | None
    client_cert: Path | None
    client_key: Path | None


@dataclass(frozen=True)
class StoreSettings:
    """Connection to the object store; `ca_file` is a PEM file."""

    endpoint: str
    access_key: str
    secret_key: str
    session_token: str | None
    region: str
    ca_file: Path | None


@dataclass(frozen=True)
class Settings:
    """All settings; `payload_keys` is the text `id:key,older:key`, None without encryption."""

    temporal: TemporalSettings
    store: StoreSettings
    payload_keys: str | None
    scratch: Path


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; an empty value counts as unset. Raises ValueError."""

    def get(name: str) -> str | None:
        return env.get(name) or None

    def path(name: str) -> Path | None:
        value = get(name)
        return Path(value) if value else None

    def require(name: str) -> str:
        value = get(name)
        if value is None:
            raise ValueError(f"{name} is not set. Give it the value that Vidette's workers have.")
        return value

    keys_file = path("VIDETTE_PAYLOAD_KEYS_FILE")
    return Settings(
        temporal=TemporalSettings(
            address=get("TEMPORAL_ADDRESS") or "127.0.0.1:7233",
            namespace=get("TEMPORAL_NAMESPACE") or "default",
            api_key=get("TEMPORAL_API_KEY"),
            tls=get("TEMPORAL_TLS") in ("true", "1"),
            server_ca=path("TEMPORAL_TLS_SERVER_CA_CERT_PATH"),
            server_name=get("TEMPORAL_TLS_SERVER_NAME"),
            client_cert=path("TEMPORAL_TLS_CLIENT_CERT_PATH"),
            client_key=path("TEMPORAL_TLS_CLIENT_KEY_PATH"),
        ),
        store=StoreSettings(
            endpoint=require("MINIO_ENDPOINT"),
            access_key=require("MINIO_ACCESS_KEY"),
            secret_key=require("MINIO_SECRET_KEY"),
            session_token=get("MINIO_SESSION_TOKEN"),
            region=get("MINIO_REGION") or "us-east-1",
            ca_file=path("MINIO_CA_FILE"),
        ),
        payload_keys=keys_file.read_text() if keys_file else get("VIDETTE_PAYLOAD_KEYS"),
        scratch=path("VIDETTE_SCRATCH_DIR") or Path(tempfile.gettempdir()) / "vidette-train",
    )

"""Checkpoints in the object store, in the layout of Vidette's own train worker.

An attempt stores its newest checkpoint under a prefix of its own: files by their SHA-256, and then
`list.json`, so that a checkpoint is complete or absent. An attempt that has timed out without
noticing it changes nothing of the next one.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .contract import RESULTS, STATE_FILE
from .store import Store, file_sha256

_LIST = "list.json"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True)
class Step:
    """Step of a training; the loss is None before it is known."""

    step: int
    of: int
    loss: float | None


@dataclass(frozen=True)
class Checkpoint:
    """Checkpoint of an attempt: SHA-256 of its files by name, and the prefix of their keys."""

    prefix: str
    step: int
    files: dict[str, str]


class Checkpoints:
    """Checkpoints of a training, of which this attempt stores those under its own prefix."""

    def __init__(self, store: Store, out: str, attempt: str) -> None:
        """Select a training by its prefix, and an attempt by an id that no other one has."""
        self._store = store
        self._all = f"{out}checkpoint/"
        self.prefix = f"{self._all}{attempt}/"
        self._stored: dict[str, str] | None = None

    async def restore(self, folder: Path) -> int | None:
        """Download the newest checkpoint of all attempts; return its step, None without one.

        A checkpoint is left out if it is that of another trainer, or if a file of it is missing,
        because another attempt removes it.
        """
        for checkpoint in await self._list():
            if STATE_FILE in checkpoint.files and await self._download(checkpoint, folder):
                return checkpoint.step
        return None

    async def save(self, folder: Path, step: Step) -> None:
        """Upload the files of a folder, and remove what they replace."""
        before = self._stored or {}
        files: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            if not _FILE_NAME.fullmatch(path.name):
                continue
            sha256 = await asyncio.to_thread(file_sha256, path)
            if sha256 not in before.values():
                await self._store.put_file(RESULTS, f"{self.prefix}{sha256}", path)
            files[path.name] = sha256
        listed = [{"name": name, "sha256": sha256} for name, sha256 in files.items()]
        content = {"step": step.step, "of": step.of, "loss": step.loss, "files": listed}
        await self._store.put(RESULTS, f"{self.prefix}{_LIST}", json.dumps(content).encode())
        for sha256 in set(before.values()) - set(files.values()):
            await self._store.remove(RESULTS, f"{self.prefix}{sha256}")
        if self._stored is None:
            await self._remove_earlier(step.step)
        self._stored = files

    async def remove_all(self) -> None:
        """Remove the checkpoints of all attempts, after the training has ended."""
        await self._remove(self._all)

    async def _list(self) -> list[Checkpoint]:
        found: list[Checkpoint] = []
        for key in await self._store.list(RESULTS, self._all):
            data = await self._store.find(RESULTS, key) if key.endswith(f"/{_LIST}") else None
            if data is not None:
                found.append(_read_list(key.removesuffix(_LIST), json.loads(data)))
        return sorted(found, key=lambda checkpoint: -checkpoint.step)

    async def _download(self, checkpoint: Checkpoint, folder: Path) -> bool:
        for name, sha256 in checkpoint.files.items():
            path = folder / name
            found = await self._store.get_file(RESULTS, f"{checkpoint.prefix}{sha256}", path)
            if not found or await asyncio.to_thread(file_sha256, path) != sha256:
                for each in folder.iterdir():
                    each.unlink()
                return False
        return True

    async def _remove_earlier(self, step: int) -> None:
        for checkpoint in await self._list():
            if checkpoint.prefix != self.prefix and checkpoint.step <= step:
                await self._remove(checkpoint.prefix)

    async def _remove(self, prefix: str) -> None:
        for key in await self._store.list(RESULTS, prefix):
            await self._store.remove(RESULTS, key)


def _read_list(prefix: str, content: dict[str, Any]) -> Checkpoint:
    files = {each["name"]: each["sha256"] for each in content["files"]}
    for name in files:
        if not _FILE_NAME.fullmatch(name):
            raise ValueError(f"{prefix}{_LIST} has the file name {name!r}.")
    return Checkpoint(prefix, content["step"], files)

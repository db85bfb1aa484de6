"""Trainer as a child process, which is killed at the limits of a training."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil

from .checkpoints import Step
from .contract import Limits
from .errors import TrainError, reported_error

TRAINER = (sys.executable, "-m", "vidette_train.trainer")
# A trainer gets no credentials.
_PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_PASSED_PREFIX = "VIDETTE_TRAIN_"
_MIB = 1024**2
_MEMORY_CHECK_S = 0.5
_STDERR_TAIL = 1000
_LINE_BYTES = 2**20

OnStep = Callable[[Step], None]
OnCheckpoint = Callable[[Step], Awaitable[None]]


async def run_trainer(
    folder: Path, limits: Limits, on_step: OnStep, on_checkpoint: OnCheckpoint
) -> None:
    """Run the trainer in its folder to its end; it is killed with the task that awaits it.

    Raises TrainError as the trainer reports it, `LIMIT_EXCEEDED` at a limit, and RuntimeError if
    the trainer was killed from outside.
    """
    stderr = folder / "stderr.log"
    with stderr.open("wb") as errors:
        child = await asyncio.create_subprocess_exec(
            *TRAINER,
            cwd=folder,
            env=_environment(),
            stdin=PIPE,
            stdout=PIPE,
            stderr=errors,
            limit=_LINE_BYTES,
            start_new_session=True,
        )
    tasks = {
        asyncio.create_task(_follow(child, stderr, on_step, on_checkpoint)),
        asyncio.create_task(_watch_memory(child.pid, limits.memory_mb)),
    }
    try:
        first = asyncio.FIRST_COMPLETED
        done, _ = await asyncio.wait(tasks, timeout=limits.seconds, return_when=first)
        if not done:
            raise TrainError(
                "LIMIT_EXCEEDED",
                f"The training took longer than {limits.seconds} s (limits.seconds). Train fewer "
                "steps, or raise the limit.",
            )
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED or name.startswith(_PASSED_PREFIX)
    }
    return {**kept, "PYTHONPATH": str(Path(__file__).parent.parent)}


async def _follow(
    child: Process, stderr: Path, on_step: OnStep, on_checkpoint: OnCheckpoint
) -> None:
    reported: TrainError | None = None
    assert child.stdout is not None and child.stdin is not None
    async for text in child.stdout:
        line = _parse_line(text)
        if line is None:
            continue
        if "error" in line:
            reported = reported_error(line["error"]["code"], line["error"]["message"])
            continue
        step = Step(line["step"], line["of"], line.get("loss"))
        on_step(step)
        if line.get("checkpoint"):
            await on_checkpoint(step)
            with contextlib.suppress(ConnectionError):
                child.stdin.write(f"{json.dumps({'saved': step.step})}\n".encode())
                await child.stdin.drain()
    code = await child.wait()
    if reported is not None:
        raise reported
    if code == 0:
        return
    output = stderr.read_text(errors="replace")[-_STDERR_TAIL:].strip()
    if code < 0:
        raise RuntimeError(f"The trainer was ended by signal {-code}: {output}")
    raise TrainError("TRAIN_DIVERGED", f"The trainer ended with exit code {code}: {output}")


def _parse_line(text: bytes) -> dict[str, Any] | None:
    """Return a line of the protocol; None for other output, which libraries may print."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and ("step" in line or "error" in line) else None


async def _watch_memory(pid: int, limit_mb: int) -> None:
    while True:
        await asyncio.sleep(_MEMORY_CHECK_S)
        used = await asyncio.to_thread(_tree_bytes, pid)
        if used > limit_mb * _MIB:
            raise TrainError(
                "LIMIT_EXCEEDED",
                f"The training needs more than {limit_mb} MiB of memory (limits.memory_mb). Use a "
                "smaller `batch`, or raise the limit.",
            )


def _tree_bytes(pid: int) -> int:
    """Return the resident memory of a process and its children; 0 for one that has ended."""
    used = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                used += process.memory_info().rss
    return used

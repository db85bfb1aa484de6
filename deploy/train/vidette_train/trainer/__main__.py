"""Trains the classifier of the working folder: `python -m vidette_train.trainer`."""

import contextlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import tensorflow as tf

from ..errors import TrainError
from .export import export
from .images import PixelCache, read_items
from .model_input import read_model_input
from .network import open_network
from .params import read_params
from .state import State
from .train import accuracy_of, train

_EXAMPLES = 4
_SAVED: "queue.SimpleQueue[str]" = queue.SimpleQueue()
_OUTPUT = sys.stdout


def main() -> None:
    """Train, or print the error that ends the training for good and exit with 1."""
    threading.Thread(target=_read_input, daemon=True).start()
    try:
        # Libraries print to the standard output, too.
        with contextlib.redirect_stdout(sys.stderr):
            run(Path.cwd())
    except TrainError as error:
        _print({"error": {"code": error.code, "message": str(error)}})
        sys.exit(1)


def run(folder: Path) -> None:
    """Train the classifier of a training folder, and write it to `out/`. Raises TrainError."""
    manifest = json.loads((folder / "base.json").read_text())
    size = read_model_input(manifest)
    params = read_params(json.loads((folder / "params.json").read_text()))
    items = read_items(folder / "dataset")
    trained = sorted({item.label for item in items if item.split == "train"})
    if not trained:
        raise TrainError("TRAIN_DATA", "The data set has no images for training.")
    for name in ("checkpoint", "out"):
        (folder / name).mkdir(exist_ok=True)
    _use_threads()
    base = folder / "base.keras"
    network = open_network(size, manifest["labels"], trained, base, params.seed)
    model = network.model
    model.compile(
        keras.optimizers.Adam(params.rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    model.optimizer.build(model.trainable_variables)
    numbers = {label: number for number, label in enumerate(network.labels)}
    parts: dict[str, list[tuple[int, int]]] = {"train": [], "val": []}
    for number, item in enumerate(items):
        # A class that only the part `val` has is not a label, so its images are always wrong.
        parts[item.split].append((number, numbers.get(item.label, -1)))
    pixels = PixelCache(items, size, folder / "pixels.raw")

    def report(step: int, loss: float, save: Callable[[], None] | None) -> None:
        if save is None:
            _print({"step": step, "of": params.steps, "loss": loss})
            return
        save()
        _print({"step": step, "of": params.steps, "loss": loss, "checkpoint": True})
        _SAVED.get()

    state = State(model, folder / "checkpoint")
    loss = train(model, state, pixels, parts["train"], params, report)
    metrics = {
        "loss": loss,
        "continues_base": int(network.continues_base),
        "train_images": len(parts["train"]),
        "train_accuracy": accuracy_of(model, pixels, parts["train"], params.batch),
        "val_images": len(parts["val"]),
        "val_accuracy": accuracy_of(model, pixels, parts["val"], params.batch),
    }
    out = folder / "out"
    export(model, size, out / "model.onnx", pixels.read(range(min(_EXAMPLES, len(items)))))
    model.save(out / "network.keras")
    (out / "labels.json").write_text(json.dumps(network.labels))
    (out / "metrics.json").write_text(json.dumps(metrics))


def _use_threads() -> None:
    """Compute in a fixed order, with as many threads as there are cores for this process."""
    threads = int(os.environ.get("VIDETTE_TRAIN_THREADS") or len(os.sched_getaffinity(0)))
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()


def _print(line: object) -> None:
    print(json.dumps(line), file=_OUTPUT, flush=True)


def _read_input() -> None:
    """Pass on each `{"saved": step}`; the end of the input is that of the worker."""
    for line in sys.stdin:
        _SAVED.put(line)
    os._exit(1)


if __name__ == "__main__":
    main()

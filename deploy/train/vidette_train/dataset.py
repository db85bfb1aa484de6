"""Folder of a trainer: the images of the parts `train` and `val`, their list, and the base."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import contract
from .contract import TrainingSet, TrainModelInput
from .errors import TrainError
from .store import Store, file_sha256

BASE_NETWORK = "base.keras"
_CONCURRENCY = 8


@dataclass(frozen=True)
class Item:
    """Image for training, by the SHA-256 of its file, with its class."""

    image: str
    split: str
    label: str


async def write_folder(
    store: Store, job: TrainModelInput, manifest: dict[str, Any], folder: Path
) -> None:
    """Write the folder of a trainer; the part `test` of the data set stays unknown to it.

    Raises TrainError `TRAIN_DATA`, or `LIMIT_EXCEEDED` for too many images.
    """
    items = await read_items(store, job.dataset)
    title = title_of(job.dataset)
    if len(items) > job.limits.pictures:
        raise TrainError(
            "LIMIT_EXCEEDED",
            f"Data set {title} has {len(items)} images for training and validation; the limit is "
            f"{job.limits.pictures} (limits.pictures).",
        )
    if not any(item.split == "train" for item in items):
        raise TrainError("TRAIN_DATA", f"Data set {title} has no images for training.")
    for name in ("dataset/images", "checkpoint", "out"):
        (folder / name).mkdir(parents=True)
    lines = [
        json.dumps({"file": f"images/{each.image}", "split": each.split, "label": each.label})
        for each in items
    ]
    (folder / "dataset/items.jsonl").write_text("".join(f"{line}\n" for line in lines))
    (folder / "base.json").write_text(json.dumps(manifest))
    (folder / "params.json").write_text(json.dumps(job.params))
    await download_images(store, [item.image for item in items], folder / "dataset/images")
    await download_network(store, manifest, folder / BASE_NETWORK)


def title_of(dataset: TrainingSet) -> str:
    """Return `name@version`."""
    return f"{dataset.name}@{dataset.version}"


async def read_items(store: Store, dataset: TrainingSet) -> list[Item]:
    """Read the items of the parts `train` and `val`, after a check of the SHA-256 of all parts.

    Raises TrainError `TRAIN_DATA` if they are not stored, were changed, or have no class.
    """
    title = title_of(dataset)
    data = await store.find(dataset.bucket, dataset.key)
    if data is None:
        raise TrainError("TRAIN_DATA", f"Data set {title} is no longer stored. Build it again.")
    content = hashlib.sha256()
    items: list[Item] = []
    try:
        # Texts of JSON may contain line separators of Unicode, at which splitlines() would split.
        for line in data.decode().rstrip("\n").split("\n"):
            item = json.loads(line)
            fields = {
                key: item[key] for key in ("group", "split", "label", "objects") if key in item
            }
            sha256 = item["picture"]["sha256"]
            content.update(_canonical({**fields, "sha256": sha256}))
            if item["split"] == "test":
                continue
            if not contract.IMAGE_NAME.fullmatch(sha256) or not isinstance(item["label"], str):
                raise ValueError(f"the item of image {sha256!r} is invalid")
            items.append(Item(sha256, item["split"], item["label"]))
    except (ValueError, KeyError, TypeError) as error:
        raise TrainError(
            "TRAIN_DATA", f"The items of data set {title} cannot be read: {error!r}."
        ) from error
    if content.hexdigest() != dataset.sha256:
        raise TrainError(
            "TRAIN_DATA",
            f"The items of data set {title} were changed: their SHA-256 is {content.hexdigest()}, "
            f"expected {dataset.sha256}. Build a new version of the data set.",
        )
    return items


def _canonical(value: dict[str, Any]) -> bytes:
    """Encode a line of the content of a data set as Vidette does: sorted keys, no spaces."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{text}\n".encode()


async def download_images(store: Store, images: list[str], folder: Path) -> None:
    """Download images by their SHA-256. Raises TrainError `TRAIN_DATA` for one that is missing."""
    free = asyncio.Semaphore(_CONCURRENCY)

    async def download(sha256: str) -> None:
        async with free:
            path = folder / sha256
            found = await store.get_file(contract.IMAGES, contract.image_key(sha256), path)
            if found and await asyncio.to_thread(file_sha256, path) == sha256:
                return
            problem = "was changed" if found else "is no longer stored"
            raise TrainError(
                "TRAIN_DATA",
                f"Image {sha256} of the data set {problem}. Build a new version of the data set.",
            )

    tasks = [asyncio.create_task(download(sha256)) for sha256 in images]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def download_network(store: Store, manifest: dict[str, Any], path: Path) -> None:
    """Download the Keras file of a base that this worker has trained; other bases have none."""
    trained = manifest.get("trained")
    if not trained:
        return
    out = f"training/{trained['retrain_id']}/"
    data = await store.find(contract.RESULTS, contract.result_key(out))
    sha256 = json.loads(data).get("keras_sha256") if data else None
    if sha256 is None:
        return
    found = await store.get_file(contract.RESULTS, contract.network_key(out, sha256), path)
    if found and await asyncio.to_thread(file_sha256, path) != sha256:
        raise TrainError(
            "MODEL_INVALID",
            f"The Keras file of model {manifest['name']}@{manifest['version']} was changed. Remove "
            f"{contract.network_key(out, sha256)} from the bucket {contract.RESULTS} to train a "
            "new network.",
        )

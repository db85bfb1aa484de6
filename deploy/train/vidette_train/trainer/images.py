"""Images of a training folder, as pixels of the model's size."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..errors import TrainError
from .model_input import ModelInput

_KERNELS = {
    "lanczos3": Image.Resampling.LANCZOS,
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "nearest": Image.Resampling.NEAREST,
}
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class LabelledImage:
    """Image of a data set: its path, part and class."""

    path: Path
    split: str
    label: str


def read_items(folder: Path) -> list[LabelledImage]:
    """Read the list of a training folder. Raises TrainError `TRAIN_DATA`."""
    items = []
    for line in (folder / "items.jsonl").read_text().rstrip("\n").split("\n"):
        item = json.loads(line)
        if "label" not in item:
            raise TrainError("TRAIN_DATA", f"Image {item['file']} has no class.")
        items.append(LabelledImage(folder / item["file"], item["split"], item["label"]))
    return items


class PixelCache:
    """Pixels of images in a file on disk, which are decoded once.

    They are read from the file, and not mapped, so that they do not count as memory of the process.
    """

    def __init__(self, images: Sequence[LabelledImage], size: ModelInput, path: Path) -> None:
        """Decode the images. Raises TrainError `TRAIN_DATA` for one that is damaged."""
        self._shape = (size.height, size.width, 3)
        self._path = path
        with path.open("wb") as file:
            for image in images:
                file.write(_decode(image.path, size).tobytes())

    def read(self, numbers: Sequence[int]) -> NDArray[np.uint8]:
        """Return the pixels of images by their number: count x height x width x R, G, B."""
        count = int(np.prod(self._shape))
        with self._path.open("rb") as file:
            pixels = []
            for number in numbers:
                file.seek(number * count)
                pixels.append(np.fromfile(file, np.uint8, count).reshape(self._shape))
        return np.stack(pixels)


def _decode(path: Path, size: ModelInput) -> NDArray[np.uint8]:
    try:
        with Image.open(path, formats=_FORMATS) as file:
            image = ImageOps.exif_transpose(file)
            # A palette may have transparent colours; an alpha channel is left out.
            image = image.convert("RGBA").convert("RGB") if "A" in image.mode else image
            return np.asarray(_resize(image.convert("RGB"), size))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise TrainError("TRAIN_DATA", f"Image {path.name} cannot be read: {error}.") from error


def _resize(image: Image.Image, size: ModelInput) -> Image.Image:
    kernel = _KERNELS[size.kernel]
    if size.shorter_side is None:
        return image.resize((size.width, size.height), kernel)
    ratio = size.shorter_side / min(image.size)
    width, height = (max(1, round(side * ratio)) for side in image.size)
    left, top = (width - size.width) // 2, (height - size.height) // 2
    crop = (left, top, left + size.width, top + size.height)
    return image.resize((width, height), kernel).crop(crop)

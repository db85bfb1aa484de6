"""Input of the base model, which the trained model has too."""

from dataclasses import dataclass
from typing import Any

from ..errors import TrainError


@dataclass(frozen=True)
class ModelInput:
    """Input and output of a classifier, as its manifest describes them.

    The model gets (value * scale - mean) / std for each value of 0 to 255, for channels in the
    order `channels` ("rgb" or "bgr"). Images are resized to the shorter side `shorter_side` and
    cropped, or without it stretched.
    """

    tensor: str
    output: str
    width: int
    height: int
    channels: str
    layout: str
    dtype: str
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]
    kernel: str
    shorter_side: int | None
    softmax: bool


def read_model_input(manifest: dict[str, Any]) -> ModelInput:
    """Read a manifest. Raises TrainError `MODEL_INVALID` for an unsupported input."""
    title = f"Model {manifest['name']}@{manifest['version']}"
    given, output = manifest["input"], manifest["output"]
    if output["family"] != "classifier":
        raise TrainError("MODEL_INVALID", f"{title} is not a classifier.")
    resize = given["resize"]
    if resize["mode"] not in ("stretch", "center-crop"):
        raise TrainError(
            "MODEL_INVALID",
            f'{title} resizes images by "{resize["mode"]}"; this trainer supports "stretch" and '
            '"center-crop".',
        )
    if given["layout"] not in ("nchw", "nhwc"):
        raise TrainError(
            "MODEL_INVALID", f'{title} has the layout "{given["layout"]}", without batches.'
        )
    side = resize.get("shorter_side") or max(given["width"], given["height"])
    return ModelInput(
        tensor=given.get("tensor", "images"),
        output=output.get("tensor", "classes"),
        width=given["width"],
        height=given["height"],
        channels=given["channels"],
        layout=given["layout"],
        dtype=given["dtype"],
        scale=given["scale"],
        mean=tuple(given["mean"]),
        std=tuple(given["std"]),
        kernel=resize.get("kernel", "lanczos3"),
        shorter_side=side if resize["mode"] == "center-crop" else None,
        softmax=output["activation"] == "softmax",
    )

"""Makes a backbone of random weights, or prints how a network that was trained on it compares.

check_backbone.py make BACKBONE | check_backbone.py compare BACKBONE NETWORK
"""

import json
import sys

import keras
import numpy as np


def make(path: str) -> None:
    """Write MobileNetV2 without its last layer."""
    keras.utils.set_random_seed(3)
    shape = (224, 224, 3)
    backbone = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=shape, alpha=0.35
    )
    backbone.save(path)


def compare(backbone: str, network: str) -> None:
    """Print whether all weights of the backbone are those of the network, and what it trains."""
    before = keras.models.load_model(backbone, compile=False)
    after = keras.models.load_model(network, compile=False)
    (kept,) = [
        each for each in after.get_layer("body").layers if isinstance(each, keras.Model)
    ]
    pairs = zip(before.get_weights(), kept.get_weights(), strict=True)
    same = all(np.array_equal(each, other) for each, other in pairs)
    bias = float(np.abs(after.get_layer("head").get_weights()[1]).max())
    print(
        json.dumps(
            {"same": same, "trained": len(after.trainable_variables), "bias": bias}
        )
    )


{"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])

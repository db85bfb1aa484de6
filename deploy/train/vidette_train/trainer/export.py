"""ONNX file of a trained network, with the input and the output of the base."""

import os
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from ..errors import TrainError
from .model_input import ModelInput

_OPSET = 17
_TOLERANCE = 1e-4
_TYPES = {"float32": tf.float32, "float16": tf.float16, "uint8": tf.uint8}


def export(model: keras.Model, size: ModelInput, path: Path, example: NDArray[np.uint8]) -> None:
    """Write the ONNX file, and compare it with Keras on the pixels of an example.

    Raises TrainError `MODEL_INVALID` if they differ.
    """
    scale = np.asarray(size.std, np.float32) / np.float32(size.scale * 127.5)
    offset = np.asarray(size.mean, np.float32) / np.float32(size.scale * 127.5) - np.float32(1)

    def run(given: tf.Tensor) -> tf.Tensor:
        values = tf.cast(given, tf.float32)
        if size.layout == "nchw":
            values = tf.transpose(values, (0, 2, 3, 1))
        values = values * scale + offset
        if size.channels == "bgr":
            values = tf.gather(values, (2, 1, 0), axis=3)
        logits = model(values, training=False)
        return tf.cast(tf.nn.softmax(logits) if size.softmax else logits, tf.float32)

    sides = (size.height, size.width)
    shape = (None, 3, *sides) if size.layout == "nchw" else (None, *sides, 3)
    signature = [tf.TensorSpec(shape, _TYPES[size.dtype], name="given")]
    proto, _ = tf2onnx.convert.from_function(
        tf.function(run), input_signature=signature, opset=_OPSET
    )
    _rename(proto.graph, proto.graph.input[0].name, size.tensor)
    _rename(proto.graph, proto.graph.output[0].name, size.output)
    del proto.graph.output[0].type.tensor_type.shape.dim[1:]
    classes = model.output_shape[-1]
    proto.graph.output[0].type.tensor_type.shape.dim.add().dim_value = classes
    # Its text has a number of the process.
    proto.graph.doc_string = ""
    proto.graph.name = "vidette-train"
    onnx.checker.check_model(proto)
    path.write_bytes(proto.SerializeToString(deterministic=True))
    _compare(path, size, example, run)


def _rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    for value in (*graph.input, *graph.output):
        if value.name == old:
            value.name = new
    for node in graph.node:
        for names in (node.input, node.output):
            for at, name in enumerate(names):
                if name == old:
                    names[at] = new


def _compare(
    path: Path, size: ModelInput, example: NDArray[np.uint8], run: tf.types.experimental.Callable
) -> None:
    given = _given(example, size)
    expected = np.asarray(run(tf.constant(given)))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    (found,) = session.run([size.output], {size.tensor: given})
    difference = float(np.abs(found - expected).max())
    if difference > _TOLERANCE * max(1.0, float(np.abs(expected).max())):
        raise TrainError(
            "MODEL_INVALID",
            f"The ONNX file differs from Keras by {difference}; the limit is {_TOLERANCE}.",
        )


def _given(pixels: NDArray[np.uint8], size: ModelInput) -> NDArray[np.generic]:
    """Return the tensor that Vidette makes of pixels for this input."""
    values = pixels[..., ::-1] if size.channels == "bgr" else pixels
    scaled = (values * size.scale - np.asarray(size.mean)) / np.asarray(size.std)
    ordered = scaled.transpose(0, 3, 1, 2) if size.layout == "nchw" else scaled
    return np.ascontiguousarray(ordered.astype(size.dtype))

"""Ultralytics' video prediction, or supervision's loop around the same model, on a CPU.

Both are as a user would write them, without saving annotated images. The model is loaded and warmed
up before the measurement. Prints one line of JSON: {frames, seconds, fps, cpu_seconds, objects}.
"""

import argparse
import json
import time


def count_with_ultralytics(model, options):
    """Yields the number of objects of each sampled frame."""
    settings = {"stream": True, "vid_stride": options.every, "imgsz": options.side, "device": "cpu"}
    for result in model.predict(options.video, verbose=False, conf=options.conf, iou=options.iou, **settings):
        yield len(result.boxes)


def count_with_supervision(model, options):
    """Yields the number of objects of each sampled frame."""
    import supervision

    for frame in supervision.get_video_frames_generator(options.video, stride=options.every):
        result = predict_image(model, frame, options)
        yield len(supervision.Detections.from_ultralytics(result))


def predict_image(model, image, options):
    thresholds = {"conf": options.conf, "iou": options.iou}
    return model(image, verbose=False, imgsz=options.side, device="cpu", **thresholds)[0]


LOOPS = {"ultralytics": count_with_ultralytics, "supervision": count_with_supervision}
WARM_UP_RUNS = 5


def run(options):
    import numpy
    from ultralytics import YOLO

    model = YOLO(options.model, task="detect")
    blank = numpy.zeros((options.side, options.side, 3), numpy.uint8)
    for _ in range(WARM_UP_RUNS):
        predict_image(model, blank, options)
    started, cpu = time.monotonic(), time.process_time()
    counts = list(LOOPS[options.loop](model, options))
    seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    return {
        "frames": len(counts),
        "seconds": round(seconds, 3),
        "fps": round(len(counts) / seconds, 2),
        "cpu_seconds": round(cpu, 3),
        "objects": sum(counts),
    }


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("video")
    parser.add_argument("--loop", choices=sorted(LOOPS), required=True)
    parser.add_argument("--model", required=True, help="yolov8n.onnx, as Ultralytics exports it")
    parser.add_argument("--side", type=int, default=640, help="side of the model's input in pixels")
    parser.add_argument("--every", type=int, default=5, help="sample every Nth frame")
    parser.add_argument("--conf", type=float, default=0.25)
    parser.add_argument("--iou", type=float, default=0.45)
    return parser.parse_args()


if __name__ == "__main__":
    print(json.dumps(run(read_arguments())))

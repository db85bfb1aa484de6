"""Script that a user would write instead: OpenCV and ONNX Runtime, with everything in memory.

It stores nothing and cannot resume after a crash. The benchmark compares Vidette with it, so it is
written for speed: frames that are not sampled are grabbed without conversion, arrays are allocated
once, output decoding is vectorised, and the model is warmed up before the measurement. Prints one
line of JSON: {frames, seconds, fps, cpu_seconds, processes, model, objects, ort_threads,
cv_threads}. Unless given, the numbers of threads are the fastest of a short trial.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

WARM_UP_RUNS = 5
START_TIMEOUT_S = 120
TRIAL_FRAMES = 60
FILL = 114


@dataclass(frozen=True)
class Options:
    """Options of a run; `ort_threads` and `cv_threads` are per process."""

    video: str
    model: str
    every: int
    conf: float
    iou: float
    preprocess: bool
    processes: int
    ort_threads: int
    cv_threads: int
    decode_threads: int


class Detector:
    """Session with its buffers. The shape of the model's output determines the family."""

    def __init__(self, options):
        import cv2
        import numpy
        import onnxruntime

        self.cv2, self.numpy, self.options = cv2, numpy, options
        cv2.setNumThreads(options.cv_threads)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = options.ort_threads
        settings.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            options.model, settings, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0]
        self.side = self.input.shape[2]
        self.is_yolox = self.session.get_outputs()[0].shape[2] == 85
        self.canvas = numpy.full((self.side, self.side, 3), FILL, numpy.uint8)
        self.fitted = None
        self.centres, self.strides = create_grids(numpy, self.side) if self.is_yolox else (None, None)

    def warm_up(self):
        blank = self.numpy.zeros((self.side, self.side, 3), self.numpy.uint8)
        for _ in range(WARM_UP_RUNS):
            self.detect(blank)

    def detect(self, frame):
        """Returns objects of a BGR frame: [(class id, confidence, xMin, yMin, xMax, yMax)] in pixels."""
        if self.options.preprocess:
            frame = self.cv2.GaussianBlur(frame, (3, 3), 0)
            frame = self.cv2.convertScaleAbs(frame, alpha=1.3, beta=5)
        blob, ratio, left, top = self.letterbox(frame)
        output = self.session.run(None, {self.input.name: blob})[0][0]
        boxes, confs, classes = self.decode(output)
        return self.suppress(boxes, confs, classes, ratio, left, top)

    def letterbox(self, frame):
        """Fits a frame into the input: YOLOX top left, BGR, 0 to 255; YOLOv8 centred, RGB, 0 to 1."""
        height, width = frame.shape[:2]
        ratio = min(self.side / width, self.side / height)
        # YOLOX truncates and YOLOv8 rounds; a difference of one row makes boxes 3 pixels longer.
        to_pixels = int if self.is_yolox else round
        w, h = to_pixels(width * ratio), to_pixels(height * ratio)
        left, top = (0, 0) if self.is_yolox else ((self.side - w) // 2, (self.side - h) // 2)
        if self.fitted != (w, h):
            self.canvas[:] = FILL
            self.fitted = (w, h)
        inside = self.canvas[top : top + h, left : left + w]
        self.cv2.resize(frame, (w, h), dst=inside, interpolation=self.cv2.INTER_LINEAR)
        scale, swap = (1.0, False) if self.is_yolox else (1 / 255, True)
        blob = self.cv2.dnn.blobFromImage(self.canvas, scale, swapRB=swap)
        return blob, ratio, left, top

    def decode(self, output):
        """Returns boxes (centre and size in input pixels), confidences and class ids."""
        return self.decode_yolox(output) if self.is_yolox else self.decode_yolov8(output)

    def decode_yolox(self, output):
        # The confidence, objectness x score, is at most the objectness: skip most rows early.
        likely = self.numpy.flatnonzero(output[:, 4] >= self.options.conf)
        rows = output[likely]
        scores = rows[:, 5:] * rows[:, 4:5]
        classes = scores.argmax(1)
        confs = scores[self.numpy.arange(len(rows)), classes]
        strides = self.strides[likely]
        boxes = self.numpy.empty((len(rows), 4), self.numpy.float32)
        boxes[:, :2] = (rows[:, :2] + self.centres[likely]) * strides
        boxes[:, 2:] = self.numpy.exp(rows[:, 2:4]) * strides
        return boxes, confs, classes

    def decode_yolov8(self, output):
        best = output[4:].max(0)
        likely = self.numpy.flatnonzero(best >= self.options.conf)
        return output[:4, likely].T, best[likely], output[4:, likely].argmax(0)

    def suppress(self, boxes, confs, classes, ratio, left, top):
        keep = self.numpy.flatnonzero(confs >= self.options.conf)
        if len(keep) == 0:
            return []
        boxes, confs, classes = boxes[keep], confs[keep], classes[keep]
        corners = boxes.copy()
        corners[:, :2] -= boxes[:, 2:] / 2
        kept = self.cv2.dnn.NMSBoxesBatched(
            corners, confs, classes.astype("int32"), self.options.conf, self.options.iou
        )
        corners[:, :2] -= (left, top)
        corners[:, 2:] += corners[:, :2]
        corners /= ratio
        return [(int(classes[i]), float(confs[i]), *map(float, corners[i])) for i in kept]


def create_grids(numpy, side):
    """Returns cell corners and strides of the three grids of YOLOX, in the order of output rows."""
    centres, strides = [], []
    for stride in (8, 16, 32):
        cells = side // stride
        x, y = numpy.meshgrid(numpy.arange(cells), numpy.arange(cells))
        centres.append(numpy.stack((x, y), 2).reshape(-1, 2))
        strides.append(numpy.full((cells * cells, 1), stride))
    return (
        numpy.concatenate(centres).astype(numpy.float32),
        numpy.concatenate(strides).astype(numpy.float32),
    )


def open_video(cv2, options):
    parameters = [cv2.CAP_PROP_N_THREADS, options.decode_threads]
    video = cv2.VideoCapture(options.video, cv2.CAP_FFMPEG, parameters)
    if not video.isOpened():
        raise SystemExit(f"Cannot open {options.video}: not a video that OpenCV can read.")
    return video


def count_frames(options):
    import cv2

    video = open_video(cv2, options)
    try:
        return int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    finally:
        video.release()


def detect_span(detector, start, end):
    """Detects the sampled frames of [start, end) and returns the objects by frame id."""
    cv2, every = detector.cv2, detector.options.every
    video = open_video(cv2, detector.options)
    if start > 0:
        video.set(cv2.CAP_PROP_POS_FRAMES, start)
    results, buffer = {}, None
    for frame_id in range(start, end):
        if not video.grab():
            break
        if frame_id % every == 0:
            found, buffer = video.retrieve(buffer)
            if found:
                results[frame_id] = detector.detect(buffer)
    video.release()
    return results


def set_start_barrier(barrier):
    """Sets the barrier at which each process waits until all models are warm."""
    global start_barrier
    start_barrier = barrier


def detect_part(options, start, end):
    """Detects one part of the video in a worker process and measures its wall and CPU time."""
    detector = Detector(options)
    detector.warm_up()
    start_barrier.wait(START_TIMEOUT_S)
    started, cpu = time.monotonic(), time.process_time()
    results = detect_span(detector, start, end)
    ended, cpu = time.monotonic(), time.process_time() - cpu
    return started, ended, cpu, len(results), sum(map(len, results.values()))


def split_video(total, processes, every):
    """Splits the video into consecutive equal parts that each start with a sampled frame."""
    size = -(-total // (processes * every)) * every
    starts = [index * size for index in range(processes)]
    # The last part is open-ended because the frame count of a container may be too small.
    return list(zip(starts, starts[1:] + [sys.maxsize]))


def run(options, limit=sys.maxsize):
    """Detects the video, or the first `limit` sampled frames of each part."""
    context = multiprocessing.get_context("spawn")
    parts = split_video(count_frames(options), options.processes, options.every)
    parts = [(start, min(end, start + limit * options.every)) for start, end in parts]
    barrier = (context.Barrier(options.processes),)
    with ProcessPoolExecutor(options.processes, context, set_start_barrier, barrier) as pool:
        jobs = [pool.submit(detect_part, options, *part) for part in parts]
        rows = [job.result() for job in jobs]
    started, ended, cpu, frames, objects = zip(*rows)
    seconds = max(ended) - min(started)
    return {
        "frames": sum(frames),
        "seconds": round(seconds, 3),
        "fps": round(sum(frames) / seconds, 2),
        "cpu_seconds": round(sum(cpu), 3),
        "processes": options.processes,
        "model": Path(options.model).stem,
        "objects": sum(objects),
        "ort_threads": options.ort_threads,
        "cv_threads": options.cv_threads,
    }


def choose_fastest(options):
    """Returns the options with the fastest numbers of threads, found by short trials."""
    share = max(1, len(os.sched_getaffinity(0)) // options.processes)
    threads = {(ort, cv) for ort in (share, 1) for cv in (share, 1)}
    fixed = (options.ort_threads, options.cv_threads)
    pairs = {tuple(f or t for f, t in zip(fixed, pair)) for pair in threads}
    trials = [replace(options, ort_threads=ort, cv_threads=cv) for ort, cv in sorted(pairs)]
    if len(trials) == 1:
        return trials[0]
    return max(trials, key=lambda trial: run(trial, TRIAL_FRAMES)["fps"])


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("video")
    parser.add_argument("--model", required=True, help="yolox_nano.onnx or yolov8n.onnx")
    parser.add_argument("--every", type=int, default=5, help="sample every Nth frame")
    parser.add_argument("--conf", type=float, default=0.25)
    parser.add_argument("--iou", type=float, default=0.45)
    parser.add_argument("--no-preprocess", action="store_true")
    parser.add_argument("--processes", type=int, default=1, help="number of parts of the video that are processed in parallel")
    threads = "per process; default: the faster of one thread and an equal share of the cores"
    parser.add_argument("--ort-threads", type=int, help=threads)
    parser.add_argument("--cv-threads", type=int, help=threads)
    arguments = parser.parse_args()
    return Options(
        video=arguments.video,
        model=arguments.model,
        every=arguments.every,
        conf=arguments.conf,
        iou=arguments.iou,
        preprocess=not arguments.no_preprocess,
        processes=arguments.processes,
        ort_threads=arguments.ort_threads,
        cv_threads=arguments.cv_threads,
        decode_threads=max(1, len(os.sched_getaffinity(0)) // arguments.processes),
    )


if __name__ == "__main__":
    print(json.dumps(run(choose_fastest(read_arguments()))))

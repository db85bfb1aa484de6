"""Loop that a user would write instead: reads a camera with OpenCV and detects objects in some frames.

It stores nothing and does not reconnect. It is written for speed: frames that are not sampled are
grabbed without conversion. Prints one line of JSON: {frames, seconds, cpu_seconds}.
"""

import argparse
import json
import os
import time

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"

from detect import Detector, Options  # noqa: E402


def watch(detector, url, fps, seconds):
    """Detects `fps` frames per second of wall time; returns their number."""
    cv2 = detector.cv2
    video = cv2.VideoCapture(url, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if not video.isOpened():
        raise SystemExit(f"Cannot open {url}.")
    video.grab()
    started, cpu = time.monotonic(), time.process_time()
    frames, buffer = 0, None
    while time.monotonic() - started < seconds:
        if not video.grab():
            raise SystemExit("The camera ended.")
        if time.monotonic() - started >= frames / fps:
            found, buffer = video.retrieve(buffer)
            if found:
                detector.detect(buffer)
                frames += 1
    return frames, time.monotonic() - started, time.process_time() - cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("url")
    parser.add_argument("--model", required=True)
    parser.add_argument("--fps", type=float, default=2)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    options = Options(
        video=arguments.url,
        model=arguments.model,
        every=1,
        conf=0.25,
        iou=0.45,
        preprocess=False,
        processes=1,
        ort_threads=1,
        cv_threads=1,
        decode_threads=1,
    )
    detector = Detector(options)
    detector.warm_up()
    frames, seconds, cpu = watch(detector, arguments.url, arguments.fps, arguments.seconds)
    print(json.dumps({"frames": frames, "seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3)}))


if __name__ == "__main__":
    main()

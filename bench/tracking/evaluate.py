"""Quality of tracks by TrackEval, and the tracks of ByteTrack by `trackers` on the same detections.

Standard input: a JSON list of sequences `{scene, rate, frames: [{timestamp_ms, truth: [[id, class, x1, y1,
x2, y2]], objects: [[class, conf, x1, y1, x2, y2]], ids: [number or null]}]}`. Standard output: a JSON list of
`{scene, rate, tracker, hota, mota, idf1, switches, ms_per_frame}`; `ms_per_frame` is CPU time.
"""

import contextlib
import io
import json
import sys
import time
from collections import defaultdict

import numpy as np
import supervision as sv
from trackers import ByteTrackTracker
from trackeval.metrics import CLEAR, HOTA, Identity

SAME_THRESHOLDS = {"track_activation_threshold": 0.6, "high_conf_det_threshold": 0.5, "minimum_iou_threshold": 0.2}


def follow(frames, rate, options):
    """Ids by frame and object, by one tracker per class, and CPU milliseconds per frame."""
    classes = sorted({name for frame in frames for name, *_ in frame["objects"]})
    trackers = {name: ByteTrackTracker(frame_rate=rate, **options) for name in classes}
    all_ids = {}
    started = time.process_time()
    result = []
    for frame in frames:
        ids = [None] * len(frame["objects"])
        for name, tracker in trackers.items():
            places = [i for i, each in enumerate(frame["objects"]) if each[0] == name]
            detections = sv.Detections(
                xyxy=np.array([frame["objects"][i][2:] for i in places], dtype=float).reshape(-1, 4),
                confidence=np.array([frame["objects"][i][1] for i in places], dtype=float),
                data={"place": np.array(places, dtype=int)},
            )
            found = tracker.update(detections, timestamp=frame["timestamp_ms"] / 1000)
            if len(found) == 0:
                continue
            for place, number in zip(found.data["place"], found.tracker_id):
                if number >= 0:
                    ids[place] = all_ids.setdefault((name, int(number)), len(all_ids) + 1)
        result.append(ids)
    return result, (time.process_time() - started) * 1000 / len(frames)


def overlaps(a, b):
    """Intersection over union of each box of `a` with each of `b`."""
    if len(a) == 0 or len(b) == 0:
        return np.zeros((len(a), len(b)))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    size = lambda boxes: np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return shared / np.maximum(size(a)[:, None] + size(b)[None, :] - shared, 1e-9)


def evaluate(frames, ids):
    """Metrics of all classes of a sequence together; boxes of different classes do not overlap."""
    true_ids, own_ids = {}, {}
    data = defaultdict(list)
    for frame, numbers in zip(frames, ids):
        own = [(number, *each) for number, each in zip(numbers, frame["objects"]) if number is not None]
        data["gt_ids"].append(np.array([true_ids.setdefault(t[0], len(true_ids)) for t in frame["truth"]], dtype=int))
        data["tracker_ids"].append(np.array([own_ids.setdefault(o[0], len(own_ids)) for o in own], dtype=int))
        true_boxes = np.array([t[2:] for t in frame["truth"]], dtype=float).reshape(-1, 4)
        own_boxes = np.array([o[3:] for o in own], dtype=float).reshape(-1, 4)
        same = np.array([[t[1] == o[1] for o in own] for t in frame["truth"]], dtype=bool)
        similarity = overlaps(true_boxes, own_boxes)
        data["similarity_scores"].append(np.where(same.reshape(similarity.shape), similarity, 0))
    data["num_timesteps"] = len(frames)
    for kind, known in (("gt", true_ids), ("tracker", own_ids)):
        data[f"num_{kind}_ids"] = len(known)
        data[f"num_{kind}_dets"] = sum(len(each) for each in data[f"{kind}_ids"])
    with contextlib.redirect_stdout(io.StringIO()):
        hota = HOTA().eval_sequence(data)
        clear = CLEAR({"PRINT_CONFIG": False}).eval_sequence(data)
        identity = Identity({"PRINT_CONFIG": False}).eval_sequence(data)
    return {
        "hota": float(np.mean(hota["HOTA"])),
        "mota": float(clear["MOTA"]),
        "idf1": float(identity["IDF1"]),
        "switches": int(clear["IDSW"]),
        "true_tracks": len(true_ids),
        "tracks": len(own_ids),
    }


def main():
    results = []
    for sequence in json.load(sys.stdin):
        frames, rate = sequence["frames"], sequence["rate"]
        runs = {"Vidette": ([frame["ids"] for frame in frames], None)}
        runs["trackers"] = follow(frames, rate, {})
        runs["trackers, same thresholds"] = follow(frames, rate, SAME_THRESHOLDS)
        for tracker, (ids, ms) in runs.items():
            known = {"scene": sequence["scene"], "rate": rate, "tracker": tracker, "ms_per_frame": ms}
            results.append({**known, **evaluate(frames, ids)})
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()

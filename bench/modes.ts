import { benchAgainstScript } from './compare.js';
import { benchCoordinator } from './coordinator.js';
import { benchLanes, benchWorkers } from './curves.js';
import { benchDecoding } from './decode.js';
import { benchDocuments } from './documents.js';
import { benchFirstResult } from './first-result.js';
import { benchImages } from './images.js';
import { benchLoad } from './load/bench-load.js';
import type { LoadPolicy } from './machine/run-quietly.js';
import { benchPage } from './page.js';
import { benchPredict } from './predict.js';
import { benchProfile } from './profile.js';
import { benchRewritten } from './rewritten.js';
import { benchScale } from './scale.js';
import { benchSearch } from './search.js';
import { benchShadow } from './shadow.js';
import { benchStillScenes } from './still.js';
import { benchAbsences } from './streams/bench-absences.js';
import { benchLiveView } from './streams/bench-live-view.js';
import { benchStreams } from './streams/bench-streams.js';
import { soakStreams } from './streams/soak.js';
import { benchTracks } from './tracking/bench-tracks.js';

/** A measurement of `npm run bench`. */
interface Mode {
  readonly description: string;
  readonly run: (args: string[], policy: LoadPolicy) => void | Promise<void>;
  /** Whether other work on the machine does not matter to the result. */
  readonly untimed?: boolean;
}

/** Measurements by their flag. */
export const MODES: Readonly<Record<string, Mode>> = {
  '--beside': {
    description: `comparison with a Python script that stores nothing (the default):
      --clips a.mp4,b.mp4 --frames 1500 --runs 1 --modes objects,packed,none --peers 1,2
      --model yolox_nano --tools ultralytics,supervision (with --model yolov8n)
      --json FILE (appends) --max-drop 0.1 (of ratios, to the median of earlier lines of FILE)`,
    run: benchAgainstScript,
  },
  '--profile': {
    description: `CPU time of each step, process and kind of thread:
      --clip a.mp4 --frames 1500 --modes objects,packed,none`,
    run: benchProfile,
  },
  '--first': {
    description: `time until the first results of a running stack, beside a script that starts:
      --clip a.mp4 --frames 1500 --runs 5`,
    run: benchFirstResult,
  },
  '--lanes': {
    description: `speed by the number of lanes of one worker:
      --counts 1,2,4 --threads 1 --clip a.mp4 --frames 1500 --storage none --runs 3 --model NAME`,
    run: benchLanes,
  },
  '--workers': {
    description: `speed by the number of one-lane workers, and their shared cost: options of --lanes`,
    run: benchWorkers,
  },
  '--coordinator': {
    description: `ranges per second that Temporal and the workflows coordinate, with workers that detect nothing:
      --workers 1,8,32 --video-workers 1,2 --jobs 16 --ranges 100 --window 10 --slots 4 --activity-ms 0
      --frames none`,
    run: benchCoordinator,
  },
  '--scale': {
    description: `speed, memory and history by the length of a video:
      --clip a.mp4 --minutes 1,10,60 --every 1 --storage none --json FILE`,
    run: benchScale,
  },
  '--still': {
    description: `inferences that skipping still scenes saves, and its changes to the result:
      --clip a.mp4 --frames 1 --thresholds 4,8,16,32 --storage none`,
    run: benchStillScenes,
    untimed: true,
  },
  '--predict': {
    description: `POST /predict compared with inference alone, and with a loop that decodes and infers:
      --image a.jpg --model NAME --lanes 1 --seconds 10 --runs 3 --connections 8 --clip a.mp4`,
    run: benchPredict,
  },
  '--load': {
    description: `the role images under the load of Locust's users, by the number of lanes and users:
      --lanes 1,2 --users 1,2,4,8,16 --seconds 20 --images FOLDER --model NAME`,
    run: benchLoad,
  },
  '--shadow': {
    description: `latency of POST /predict with and without a challenger in the shadow, in turn:
      --model a.onnx --image a.jpg --rate 10 --seconds 10 --runs 5`,
    run: benchShadow,
  },
  '--images': {
    description: `a batch of small images while workers are killed: rows, speed and memory:
      --count 2000 --kills 2`,
    run: benchImages,
    untimed: true,
  },
  '--page': {
    description: `the page of a job with many frames, in Chromium (VIDETTE_CHROMIUM):
      --frames 100000`,
    run: benchPage,
  },
  '--documents': {
    description: `CPU time of the document store of the local stack, per operation:
      --events 10000`,
    run: benchDocuments,
  },
  '--search': {
    description: `first and last page of searches, on the document store of the local stack:
      --sightings 100000 --repeats 15`,
    run: benchSearch,
  },
  '--streams': {
    description: `cameras without overload, latency and CPU per camera, beside ffmpeg and OpenCV:
      --counts 1,2,4 --seconds 60 --kind rtsp --size 1920x1080 --fps 2 --gate sleep --clip a.mp4
      --no-peers --json FILE`,
    run: benchStreams,
  },
  '--absences': {
    description: `time without rows: after a camera was away, and when its host is lost to another one:
      --seconds 20,120 --size 1920x1080 --clip a.mp4`,
    run: benchAbsences,
  },
  '--live-view': {
    description: `arrival of a frame to its boxes on the page of a camera, in Chromium (VIDETTE_CHROMIUM):
      --kinds rtsp,mjpeg --seconds 30 --size 1920x1080 --clip a.mp4`,
    run: benchLiveView,
  },
  '--soak': {
    description: `memory, descriptors and objects of cameras over hours, with their account:
      --hours 2 --cameras 2 --kinds rtsp,mjpeg --size 640x360 --every 10 --clip a.mp4 --json FILE`,
    run: soakStreams,
    untimed: true,
  },
  '--tracks': {
    description: `HOTA, MOTA, IDF1 and CPU time of tracks, beside the Python package trackers:
      --rates 30,6,2 --seconds 40 --seeds 1,2,3 --json`,
    run: benchTracks,
    untimed: true,
  },
  '--rewritten': {
    description: `CPU time of an inference with and without what is rewritten for a CPU:
      --model NAME --files a.onnx,b.onnx --rounds 15`,
    run: benchRewritten,
  },
  '--decode': {
    description: 'decoding of outputs and non-maximum suppression, per frame',
    run: benchDecoding,
  },
};

import type { Reporter, TestModule } from 'vitest/node';

/** Time above which a file needs a reason, in seconds. */
const LIMIT_S = 60;

/** Files that may take longer than the limit, by their path, with the reason. */
const REASONS: Readonly<Record<string, string>> = {
  'test/client/cli.test.ts': 'starts and stops a whole stack several times by the command line',
  'test/client/models.test.ts': 'each step is a command of the CLI in a process of its own',
  'test/client/readme.test.ts': 'runs each command of the README on a stack of its own',
  'test/client/secrets.test.ts': 'starts a whole stack by the command line',
  'test/corpus/corpus.test.ts': 'runs a job on each of 220 files',
  'test/train/keras-worker.test.ts': 'trains with TensorFlow, which takes seconds to start',
  'test/faults/alerts.test.ts': 'kills a worker twice, whose activities then time out after 60 s',
  'test/faults/any-order.test.ts': 'starts the servers in several orders',
  'test/faults/api-servers-away.test.ts':
    'requests each route while each of three servers is unavailable',
  'test/faults/api-uploads.test.ts': 'uploads a file of 2 GiB',
  'test/faults/batches.test.ts': 'runs seven jobs on each of two stacks',
  'test/faults/bounded.test.ts': 'runs a job of a thousand ranges through the workflow',
  'test/faults/camera-tracks.test.ts': 'kills a worker while a model detects the cars of a street',
  'test/faults/cameras.test.ts': 'kills a worker, fills its slots, and stops Temporal for 30 s',
  'test/faults/continued.test.ts': 'runs a job through several continuations',
  'test/faults/deletion.test.ts': 'kills workers, and waits until they have restarted',
  'test/faults/durable.test.ts': 'kills workers and servers while jobs run, one after another',
  'test/faults/ended-outside.test.ts': 'ends twelve jobs in ways that need timeouts of Temporal',
  'test/faults/fairness.test.ts': 'queues long videos before a short one, twice',
  'test/faults/job-pages.test.ts': 'waits until Temporal has deleted its workflows',
  'test/faults/api-killed.test.ts': 'waits until the lock of a killed process is stale',
  'test/faults/killed-renders.test.ts': 'renders long videos, and kills the workers',
  'test/faults/machines.test.ts': 'runs the same job on one and on two machines',
  'test/faults/model-lanes.test.ts': 'waits for workers that drain and restart',
  'test/faults/object-stores.test.ts':
    'runs the contract of a store on two servers, which are killed',
  'test/faults/renders.test.ts': 'renders long videos, and cancels them',
  'test/faults/rescoring.test.ts': 'kills workers in the middle of a rescoring, and runs it again',
  'test/faults/retrain-kills.test.ts': 'kills workers of a training at random moments',
  'test/faults/tls.test.ts': 'starts a stack behind TLS proxies',
  'test/faults/versions.test.ts': 'runs jobs on two versions of the workers',
  'test/media/corpus.test.ts': 'decodes each of 220 files',
  'test/media/exact-frames.test.ts': 'encodes and decodes 21 kinds of videos twice',
  'test/media/untrusted-media.test.ts': 'waits for ffmpeg on each of 13 hostile files',
  'test/media/digits.test.ts': 'trains a model, and predicts 600 images with it',
  'test/page/batches.test.ts': 'runs, cancels and repeats batches of videos in Chromium',
  'test/page/datasets.test.ts': 'builds data sets, and runs batches of images in Chromium',
  'test/page/diff.test.ts': 'compares jobs, and renders what differs, at two widths in Chromium',
  'test/page/docs.test.ts': 'draws the description of the API at two widths, light and dark',
  'test/page/experiments.test.ts': 'checks views of experiments at two widths in Chromium',
  'test/page/job-states.test.ts': 'runs jobs that fail, skip frames and are rendered, in Chromium',
  'test/page/job-tracks.test.ts':
    'renders clips and sprites, and checks views at two widths in Chromium',
  'test/page/models.test.ts': 'retrains a model, and checks its pages with axe in Chromium',
  'test/page/options.test.ts': 'starts jobs with each kind of option in Chromium',
  'test/page/page.test.ts': 'checks ten pages with axe in Chromium',
  'test/page/rescorings.test.ts': 'runs rescorings, and checks their pages with axe in Chromium',
  'test/page/stream-states.test.ts': 'checks 18 views of cameras with axe in Chromium',
  'test/page/streams.test.ts': 'starts, pauses and stops cameras in Chromium',
  'test/page/uploads.test.ts': 'interrupts and continues large uploads in Chromium',
  'test/page/zones.test.ts': 'draws zones, and checks four views at two widths, light and dark',
};

/** Files on the shared stack wait for each other, so their own times mean nothing. */
const isShared = (file: string) => file.startsWith('test/shared/');

/** Prints the time of each file, the longest first, and names those over the limit without a reason. */
export class FileTimesReporter implements Reporter {
  private readonly seconds = new Map<string, number>();

  onTestModuleEnd(module: TestModule): void {
    this.seconds.set(module.relativeModuleId, module.diagnostic().duration / 1000);
  }

  onTestRunEnd(): void {
    const longest = [...this.seconds].sort(([, a], [, b]) => b - a).slice(0, 25);
    console.log('\nSeconds per file, the longest first:');
    for (const [file, seconds] of longest)
      console.log(`${seconds.toFixed(1).padStart(7)}  ${file}`);
    const tooLong = longest.filter(
      ([file, seconds]) => seconds > LIMIT_S && !isShared(file) && !(file in REASONS),
    );
    for (const [file] of tooLong) {
      console.error(
        `${file} took more than ${LIMIT_S} s: make it faster, or add the reason to ${REPORTER}.`,
      );
    }
  }
}

const REPORTER = 'test/support/file-times.ts';

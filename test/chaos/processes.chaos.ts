import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { type ChaosHarness, startHarness } from './harness.js';
import { disturb, type Fault } from './disturb.js';
import { type Run, rounds } from './rounds.js';
import { sameRangeTwice } from './same-range-twice.js';
import { ffmpegsIn, lanesIn, signalOneOf, trySignal } from './signals.js';
import { mountSmallDisk, type SmallDisk } from './small-disk.js';
import { submitterKilled } from './submitter-killed.js';

/** Short limits for hung helpers; in production both are a minute or two. */
const HANGS = { VIDETTE_FFMPEG_STALL_S: '5', VIDETTE_LANE_TIMEOUT_S: '5' };
/** Space for a job, in addition to the reserve that Vidette leaves free. */
const DISK_BYTES = 2 * 1024 ** 3;
const QUOTA_BYTES = 64 * 1024 ** 3;
/** Folder in the place of a job's; not an id, because workers remove files of jobs that do not exist. */
const FILLER = 'filler.large';
const FULL_MS = [3000, 8000] as const;
/** Share of the frames done up to which frames remain to be decoded. */
const DECODES_UNTIL = 0.4;

let harness: ChaosHarness;
let disk: SmallDisk | undefined;
beforeAll(async () => {
  disk = await mountSmallDisk(DISK_BYTES);
  harness = await startHarness(HANGS, disk?.folder);
});
afterAll(async () => {
  await harness?.stack.close({ keepFolder: hasFailed() });
  await disk?.close();
});

const disturbedBy =
  (fault: Fault, latestShare?: number): Run =>
  (trial) =>
    disturb(harness, trial, fault, latestShare);

const killed = (name: 'video_worker' | 'detect_worker') =>
  disturbedBy(() => Promise.resolve(harness.stack.workers.kill9(name)));
/** A stopped lane does not notice that its worker exits. */
const killedWithStoppedLanes = disturbedBy(async () => {
  for (const pid of await lanesIn(harness)) trySignal(pid, 'SIGSTOP');
  harness.stack.workers.kill9('detect_worker');
});
const lane = (signal: NodeJS.Signals) =>
  disturbedBy((_, { random }) => signalOneOf(() => lanesIn(harness), random, signal));
const ffmpeg = (signal: NodeJS.Signals) =>
  disturbedBy(
    (_, { random }) => signalOneOf(() => ffmpegsIn(harness), random, signal),
    DECODES_UNTIL,
  );

const diskFull = disturbedBy(async (_, { random }) => {
  await disk?.fillFor(random.between(...FULL_MS));
});

/** Writes a sparse file, which uses up the quota but not the disk. */
const quotaFull = disturbedBy(async (_, { random }) => {
  const folders = ['video-worker', 'detect-worker'].map((worker) =>
    join(harness.home, 'scratch', worker, 'ranges', FILLER),
  );
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'large'), '');
    await truncate(join(folder, 'large'), QUOTA_BYTES);
  }
  await sleep(random.between(...FULL_MS));
  for (const folder of folders) await rm(folder, { recursive: true });
});

const { hasFailed } = rounds(
  [
    ['video-worker-killed', killed('video_worker')],
    ['lane-hung', lane('SIGSTOP')],
    ['ffmpeg-killed', ffmpeg('SIGKILL')],
    ['detect-worker-killed', killed('detect_worker')],
    ['ffmpeg-hung', ffmpeg('SIGSTOP')],
    ['lane-killed', lane('SIGKILL')],
    ['worker-and-hung-lanes', killedWithStoppedLanes],
    ['scratch-disk-full', diskFull, () => (disk ? undefined : 'only root may mount a disk')],
    ['scratch-quota-full', quotaFull],
    ['submitter-killed', (trial) => submitterKilled(harness, trial)],
    ['same-range-twice', (trial) => sameRangeTwice(harness, trial)],
  ],
  () => harness.stack.folder,
);

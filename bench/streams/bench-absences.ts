import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../../config/index.js';
import { sendSignal } from '../../stack/supervisor/identity.js';
import { type LeavingCamera, startLeavingCamera } from '../cameras/bench-camera.js';
import { clipFolder, clipPath } from '../clips.js';
import { startExtraWorkers } from '../extra-workers.js';
import { type OwnStack, withOwnStack } from '../own-stack.js';
import { partOf, processesUnder } from '../processes.js';
import { print, silently } from '../print.js';
import { followRows, type RowFollower } from './follow-rows.js';
import { deploy, LOOPBACK, readAccount, waitUntilLive } from './scenarios.js';

const OPTIONS = {
  seconds: { type: 'string', default: '20,120' },
  size: { type: 'string', default: '1920x1080' },
  clip: { type: 'string' },
} as const;

/** Rows before each fault. */
const ROWS_BEFORE = 6;
const TIMEOUT_MS = 180_000;
/** Parts that a host takes with it. */
const HOST_PARTS = ['stream worker', 'camera processes', 'stream lanes', 'ffmpeg, running'];

/**
 * Measures the time without rows after a camera was unreachable, and when the host that watches it is
 * suspended as a whole, so that a worker with another scratch folder continues.
 */
export async function benchAbsences(args: string[]): Promise<void> {
  const { seconds, size, clip } = parseArgs({ args, options: OPTIONS }).values;
  const config = readConfig();
  const video = { clip: clipPath(clip, config), folder: clipFolder(config), size };
  const camera = await startLeavingCamera(video);
  try {
    await withOwnStack(
      silently,
      (stack) => measure(stack, camera, seconds.split(',').map(Number)),
      LOOPBACK,
    );
  } finally {
    camera.close();
  }
}

async function measure(stack: OwnStack, camera: LeavingCamera, absences: readonly number[]) {
  const uuid = await deploy(stack, camera.url);
  await waitUntilLive(stack, uuid);
  const follower = await followRows(stack, uuid);
  try {
    for (const seconds of absences) {
      await nextRows(follower);
      await camera.leave(1000 * seconds);
      const back = Date.now();
      const ms = (await rowAfter(follower, back)) - back;
      print(`away for ${seconds} s: the first row is of ${ms} ms after the return`);
    }
    await nextRows(follower);
    await loseHost(stack, follower);
  } finally {
    follower.stop();
  }
  const { frames, gaps, problems } = await readAccount(stack, uuid);
  print(
    `${frames} rows, gaps ${JSON.stringify(gaps)}, problems of the account: ${problems.length}`,
  );
}

/** Suspends the host, measures when another one continues, and lets the first one continue too late. */
async function loseHost(stack: OwnStack, follower: RowFollower): Promise<void> {
  const lost = processesUnder(stack.pids).filter(({ command }) =>
    HOST_PARTS.includes(partOf(command)),
  );
  const other = await startExtraWorkers(stack, 1, 'stream');
  const signalHost = (signal: NodeJS.Signals) => {
    for (const { pid } of lost) sendSignal(pid, signal);
  };
  try {
    signalHost('SIGSTOP');
    const lostAt = Date.now();
    const next = await rowAfter(follower, lostAt);
    print(`host lost: the first row of another one is of ${next - lostAt} ms later`);
    await nextRows(follower);
    signalHost('SIGCONT');
    await nextRows(follower);
  } finally {
    signalHost('SIGCONT');
    await other.stop();
  }
}

/** Waits for some more rows. */
async function nextRows(follower: RowFollower): Promise<void> {
  const count = follower.latencies.length + ROWS_BEFORE;
  await until(() => follower.latencies.length >= count, 'rows');
}

/** Returns the time of the first row after an instant, both in ms since 1970. */
async function rowAfter({ latencies }: RowFollower, instant: number): Promise<number> {
  const find = () => latencies.find(({ arrival }) => arrival > instant)?.arrival;
  await until(() => find() !== undefined, 'a row');
  return find()!;
}

async function until(isDone: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + TIMEOUT_MS; !isDone(); await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`no ${what} within ${TIMEOUT_MS / 1000} s`);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf } from '../cpu-meter.js';
import type { OwnStack } from '../own-stack.js';
import { quantile } from '../report.js';
import { followRows, type Latency } from './follow-rows.js';
import { readAccount } from './scenarios.js';

/** Quantiles of a latency in ms. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}

/** Measurement of some cameras that are watched at the same time. */
export interface CamerasRun {
  readonly cameras: number;
  readonly seconds: number;
  /** Rows per second and camera. */
  readonly fps: number;
  /** Seconds without a row, of all cameras, by the reason. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly made: Quantiles;
  readonly received: Quantiles;
  /** Cores that each part of the system used. */
  readonly cores: Readonly<Record<string, number>>;
}

/** Time after which rows are stored twice a second, because they are followed. */
const FOLLOWED_MS = 3000;
/** Time for a gap or a segment to become part of the log. */
const COMMIT_MS = 11_000;

/** Measures scenarios for some time, while each is followed. */
export async function measureCameras(
  stack: OwnStack,
  uuids: readonly string[],
  seconds: number,
): Promise<CamerasRun> {
  const followers = await Promise.all(uuids.map((uuid) => followRows(stack, uuid)));
  await sleep(FOLLOWED_MS);
  const [from, before] = [new Date(), cpuOf(stack.pids)];
  await sleep(1000 * seconds);
  const [after, elapsedS] = [cpuOf(stack.pids), (Date.now() - from.getTime()) / 1000];
  const to = Date.now();
  await sleep(COMMIT_MS);
  for (const follower of followers) follower.stop();
  const latencies = followers
    .flatMap((follower) => follower.latencies)
    .filter(({ arrival }) => arrival >= from.getTime() && arrival < to);
  const cores = Object.entries(after).map(([part, cpu]) => {
    return [part, (cpu - (before[part] ?? 0)) / elapsedS] as const;
  });
  return {
    ...{ cameras: uuids.length, seconds: elapsedS },
    fps: latencies.length / elapsedS / uuids.length,
    gaps: await readGaps(stack, uuids, from),
    made: quantilesOf(latencies, 'madeMs'),
    received: quantilesOf(latencies, 'receivedMs'),
    cores: Object.fromEntries(cores),
  };
}

function quantilesOf(latencies: readonly Latency[], name: 'madeMs' | 'receivedMs'): Quantiles {
  const values = latencies.map((latency) => latency[name]);
  return { p50: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** Adds up the gaps of scenarios since an instant. */
async function readGaps(stack: OwnStack, uuids: readonly string[], from: Date) {
  const sums: Record<string, number> = {};
  for (const uuid of uuids) {
    const { gaps } = await readAccount(stack, uuid, from);
    for (const [reason, s] of Object.entries(gaps)) sums[reason] = (sums[reason] ?? 0) + s;
  }
  return sums;
}

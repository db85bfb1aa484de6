import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { isGap, type StreamAccount } from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import type { GapReason } from '../../domain/stream/gap.js';
import type { StoredRow } from '../../domain/stream/row.js';
import { commandOn } from '../support/command-line.js';
import { type CameraHarness, camerasIn, decodersIn } from './camera-harness.js';
import { followScenario, type ScenarioFollower } from './follow-scenario.js';
import type { Trial } from './rounds.js';

/** A fault of a camera, and how its time is accounted for. */
export interface CameraFault {
  /** Injects the fault, and repairs it if it does not pass by itself. */
  readonly inject: (harness: CameraHarness, trial: Trial) => Promise<void>;
  /** Reasons of the gaps that it may leave. */
  readonly reasons: readonly GapReason[];
  /** Least number of seconds of these gaps. */
  readonly minS: number;
}

/** Rows before the fault, at least, and after it. */
const [ROWS_BEFORE, ROWS_AFTER] = [4, 6];
/** Maximum number of milliseconds from the last of the rows before to the fault. */
const LATEST_MS = 2000;
const soon = { timeout: 120_000, interval: 200 };
/** Reasons of gaps without a fault: the start and the end, and a machine that is busy. */
const UNDISTURBED: readonly GapReason[] = [
  ...(['starting', 'waiting_slot', 'connecting', 'ended'] as const),
  ...(['camera_silent', 'overload', 'host_suspended'] as const),
];
/** Difference between the clocks of the account and of Temporal, in seconds. */
const CLOCK_S = 2;

/**
 * Deploys a scenario, injects a fault, stops the scenario, and expects each second of it to be
 * accounted for. Resolves with the seconds from the fault, or from its repair, to the next row.
 */
export async function disturbCamera(
  harness: CameraHarness,
  trial: Trial,
  fault: CameraFault,
): Promise<number> {
  const { stack, client, camera } = harness;
  await stack.workers.ready();
  const uuid = randomUUID();
  const message = { scenario_uuid: uuid, camera_url: camera.url, model: MOCK_MODEL_NAME };
  await client.streams.deploy(message);
  const follower = followScenario(client, uuid);
  try {
    await expect.poll(() => follower.rows.length, soon).toBeGreaterThanOrEqual(ROWS_BEFORE);
    await sleep(trial.random.between(0, LATEST_MS));
    await fault.inject(harness, trial);
    const recoveredS = await rowsAgain(follower, Date.now());
    await client.streams.stop(uuid);
    await expect.poll(async () => (await client.streams.get(uuid)).ended_at, soon).not.toBeNull();
    await expectAccounted(harness, uuid, fault);
    await expectSameRows(harness, uuid, follower);
    await expectNoCameras(harness);
    return recoveredS;
  } finally {
    await follower.stop();
  }
}

/** Resolves with the seconds from an instant to the next row, when more rows have followed. */
async function rowsAgain({ rows }: ScenarioFollower, since: number): Promise<number> {
  const newer = () => rows.filter(({ timestamp }) => Date.parse(timestamp) > since);
  await expect.poll(() => newer().length, soon).toBeGreaterThanOrEqual(ROWS_AFTER);
  return (Date.parse(newer()[0]!.timestamp) - since) / 1000;
}

/** Expects that seen time and gaps are the time of the scenario, as the command line checks it. */
async function expectAccounted(
  { stack, client }: CameraHarness,
  uuid: string,
  { reasons, minS }: CameraFault,
): Promise<void> {
  const command = ['streams', 'account', uuid, '--from', '1d', '--check'];
  const account = (await commandOn(stack, ...command)) as StreamAccount; // fails on a problem
  const { gaps, seen_s, from, to } = account;
  const accounted = Object.values(gaps).reduce((sum, seconds) => sum + seconds, seen_s);
  expect(accounted).toBeCloseTo(secondsBetween(from, to), 2);
  const { started_at, ended_at } = await client.streams.get(uuid);
  const wall = secondsBetween(started_at, ended_at!); // it has ended
  expect(Math.abs(accounted - wall)).toBeLessThan(CLOCK_S);
  const allowed = [...UNDISTURBED, ...reasons];
  const unexpected = (Object.keys(gaps) as GapReason[]).filter((each) => !allowed.includes(each));
  expect(unexpected).toEqual([]);
  const byFault = reasons.reduce((sum, reason) => sum + (gaps[reason] ?? 0), 0);
  expect(byFault).toBeGreaterThanOrEqual(minS);
}

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** Expects rows 1 to n once each, and the same ones for a reader that followed through the fault. */
async function expectSameRows(
  { client }: CameraHarness,
  uuid: string,
  follower: ScenarioFollower,
): Promise<void> {
  const stored: StoredRow[] = [];
  for await (const entry of client.streams.results(uuid)) if (!isGap(entry)) stored.push(entry);
  expect(stored.map(({ frame_number }) => frame_number)).toEqual(stored.map((_, i) => i + 1));
  await expect.poll(() => follower.rows.length, soon).toBeGreaterThanOrEqual(stored.length);
  expect(follower.rows).toEqual(stored);
}

/** Expects no process and no session to remain, and that there were never two sessions. */
async function expectNoCameras(harness: CameraHarness): Promise<void> {
  await expect.poll(() => camerasIn(harness), soon).toEqual([]);
  await expect.poll(() => decodersIn(harness), soon).toEqual([]);
  await expect.poll(async () => (await harness.camera.stats()).active, soon).toBe(0);
  expect(await harness.camera.stats()).toMatchObject({ most_active: 1 });
}

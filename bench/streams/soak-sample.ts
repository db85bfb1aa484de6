import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { BUCKETS } from '../../domain/names.js';
import { logKeys } from '../../domain/stream/log/log-keys.js';
import type { StreamState } from '../../domain/stream/stream-state.js';
import type { OwnStack } from '../own-stack.js';
import { partOf, processesUnder } from '../processes.js';
import { type BenchScenario, readAccount, readStream } from './scenarios.js';

/** Resident memory in bytes and open descriptors of all processes of a part. */
export interface PartUse {
  readonly processes: number;
  readonly rss: number;
  readonly descriptors: number;
}

/** A scenario at one instant. */
export interface ScenarioSample extends BenchScenario {
  readonly state: StreamState;
  readonly rows: number;
  readonly lagMs: number | null;
  readonly seenS: number;
  /** Seconds of its gaps by their reason. */
  readonly gaps: Readonly<Record<string, number>>;
  /** Objects of its log in the store, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
}

export interface SoakSample {
  /** Minutes since the first sample. */
  readonly minute: number;
  /** Load of the machine in the last minute. */
  readonly load: number;
  readonly parts: Readonly<Record<string, PartUse>>;
  readonly scenarios: readonly ScenarioSample[];
}

/** Reads the processes of a stack and the scenarios that it watches. Requires Linux's `/proc`. */
export async function takeSample(
  stack: OwnStack,
  scenarios: readonly BenchScenario[],
  minute: number,
): Promise<SoakSample> {
  const sampled = scenarios.map((scenario) => sampleScenario(stack, scenario));
  return {
    ...{ minute, load: loadavg()[0]!, parts: usesOf(stack.pids) },
    scenarios: await Promise.all(sampled),
  };
}

function usesOf(pids: readonly number[]): Record<string, PartUse> {
  const uses: Record<string, PartUse> = {};
  for (const { pid, command } of processesUnder(pids)) {
    const part = partOf(command);
    const { processes = 0, rss = 0, descriptors = 0 } = uses[part] ?? {};
    uses[part] = {
      processes: processes + 1,
      rss: rss + residentBytes(pid),
      descriptors: descriptors + countDescriptors(pid),
    };
  }
  return uses;
}

/** Returns 0 for a process that has ended. */
function residentBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Returns 0 for a process that has ended. */
function countDescriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

async function sampleScenario(stack: OwnStack, scenario: BenchScenario): Promise<ScenarioSample> {
  const { uuid } = scenario;
  const { state, lag_ms } = await readStream(stack, uuid);
  const { frames, seen_s, gaps } = await readAccount(stack, uuid);
  return {
    ...{ ...scenario, state, rows: frames, lagMs: lag_ms, seenS: seen_s, gaps },
    ...(await countObjects(stack, uuid)),
  };
}

async function countObjects({ objects }: OwnStack, uuid: string) {
  let [count, bytes] = [0, 0];
  for await (const key of objects.list(BUCKETS.streams, logKeys.scenario(uuid))) {
    count++;
    bytes += (await objects.stat(BUCKETS.streams, key))?.size ?? 0;
  }
  return { objects: count, bytes };
}

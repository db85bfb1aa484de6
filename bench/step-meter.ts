import type { CpuSeconds } from './cpu-meter.js';
import { partOf, processesUnder, readThreads, TICKS_PER_SECOND } from './processes.js';

const SAMPLE_MS = 100;
const TOOL = 'ffmpeg, running';
const WORKERS = /detection\/lane-main\.js|workers\/(detect|video)\/main\.js/;

/** Steps by a pattern of their command lines; the first match counts. */
const STEPS: readonly [RegExp, string][] = [
  [/ffprobe/, 'ffprobe: streams and timestamps'],
  [/yuvj420p.*-f mjpeg/, 'ffmpeg: preprocess, encode JPEG'],
  [/-f mjpeg -i/, 'ffmpeg: decode and scale JPEG'],
  [/gbrp/, 'ffmpeg: decode, preprocess, scale'],
  [/-f rawvideo/, 'ffmpeg: extract (decode)'],
];

const THREADS: readonly [RegExp, string][] = [
  [/^main$/, 'main thread'],
  [/tokio|temporal/, "Temporal's client"],
  [/workflow/, 'workflow thread'],
];

/** @example stepOf('ffprobe -v error a.mp4') // 'ffprobe: streams and timestamps' */
function stepOf(command: string): string {
  return STEPS.find(([pattern]) => pattern.test(command))?.[1] ?? 'ffmpeg: other';
}

/** CPU seconds by step and thread. */
export interface StepMeter {
  stop(): CpuSeconds;
}

/**
 * Samples the command lines of running tools ten times per second, because that of an ended process
 * cannot be read. The kernel reports the exact total; the samples only divide it among the steps.
 */
export function startStepMeter(roots: readonly number[]): StepMeter {
  const samples = new Map<number, { readonly step: string; readonly ticks: number }>();
  const takeSample = () => {
    for (const { pid, command, selfTicks } of processesUnder(roots)) {
      if (partOf(command) === TOOL) samples.set(pid, { step: stepOf(command), ticks: selfTicks });
    }
  };
  const threads = readThreadSeconds(roots);
  const tools = readToolSeconds(roots);
  const timer = setInterval(takeSample, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      takeSample();
      const used = readToolSeconds(roots) - tools;
      return {
        ...subtract(readThreadSeconds(roots), threads),
        ...divideBySamples(used, [...samples.values()]),
      };
    },
  };
}

function divideBySamples(
  seconds: number,
  samples: readonly { readonly step: string; readonly ticks: number }[],
): Record<string, number> {
  const total = samples.reduce((sum, { ticks }) => sum + ticks, 0);
  const shares: Record<string, number> = {};
  for (const { step, ticks } of samples) {
    shares[step] = (shares[step] ?? 0) + (seconds * ticks) / Math.max(1, total);
  }
  return shares;
}

/** Returns the CPU seconds of all running and ended tools. */
function readToolSeconds(roots: readonly number[]): number {
  const ticks = processesUnder(roots).map(({ command, selfTicks, endedChildTicks }) =>
    partOf(command) === TOOL ? selfTicks + endedChildTicks : endedChildTicks,
  );
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Returns the CPU seconds of workers and lanes by kind of thread, and of servers as a whole. */
function readThreadSeconds(roots: readonly number[]): CpuSeconds {
  const seconds: Record<string, number> = {};
  const add = (name: string, ticks: number) => {
    seconds[name] = (seconds[name] ?? 0) + ticks / TICKS_PER_SECOND;
  };
  for (const { pid, command, selfTicks } of processesUnder(roots)) {
    const part = partOf(command);
    if (part === TOOL) continue;
    if (!WORKERS.test(command)) add(part, selfTicks);
    else for (const { name, ticks } of readThreads(pid)) add(`${part}: ${threadKind(name)}`, ticks);
  }
  return seconds;
}

function threadKind(thread: string): string {
  return THREADS.find(([pattern]) => pattern.test(thread))?.[1] ?? 'other threads';
}

function subtract(after: CpuSeconds, before: CpuSeconds): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]),
  );
}

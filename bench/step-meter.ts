import type { CpuSeconds } from './cpu-meter.js';
import { partOf, processesUnder, threadsOf, TICKS_PER_SECOND } from './processes.js';

const SAMPLE_MS = 100;
const TOOL = 'ffmpeg, running';
const WORKERS = /workers\/(lane|detect-worker|video-worker)\.js/;

/** Steps by what only their command lines hold, the first that matches. */
const STEPS: readonly [RegExp, string][] = [
  [/ffprobe/, 'ffprobe: streams and timestamps'],
  [/yuvj420p.*%d\.jpg/, 'ffmpeg: preprocess, encode JPEG'],
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
 * Looks at the running tools ten times a second, for one that has ended can no longer be asked what
 * it did. What all of them used together the kernel tells exactly; the looks only divide it.
 */
export function startStepMeter(roots: readonly number[]): StepMeter {
  const seen = new Map<number, { readonly step: string; readonly ticks: number }>();
  const look = () => {
    for (const { pid, command, own } of processesUnder(roots)) {
      if (partOf(command) === TOOL) seen.set(pid, { step: stepOf(command), ticks: own });
    }
  };
  const threads = threadSeconds(roots);
  const tools = toolSeconds(roots);
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      const used = toolSeconds(roots) - tools;
      return { ...difference(threadSeconds(roots), threads), ...divide(used, [...seen.values()]) };
    },
  };
}

function divide(
  seconds: number,
  seen: readonly { readonly step: string; readonly ticks: number }[],
): Record<string, number> {
  const total = seen.reduce((sum, { ticks }) => sum + ticks, 0);
  const shares: Record<string, number> = {};
  for (const { step, ticks } of seen) {
    shares[step] = (shares[step] ?? 0) + (seconds * ticks) / Math.max(1, total);
  }
  return shares;
}

/** CPU seconds of all tools, those that run and those that have ended. */
function toolSeconds(roots: readonly number[]): number {
  const ticks = processesUnder(roots).map(({ command, own, ended }) =>
    partOf(command) === TOOL ? own + ended : ended,
  );
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Threads of our own processes by kind; servers as a whole. */
function threadSeconds(roots: readonly number[]): CpuSeconds {
  const seconds: Record<string, number> = {};
  const add = (name: string, ticks: number) => {
    seconds[name] = (seconds[name] ?? 0) + ticks / TICKS_PER_SECOND;
  };
  for (const { pid, command, own } of processesUnder(roots)) {
    const part = partOf(command);
    if (part === TOOL) continue;
    if (!WORKERS.test(command)) add(part, own);
    else for (const { name, ticks } of threadsOf(pid)) add(`${part}: ${kindOf(name)}`, ticks);
  }
  return seconds;
}

function kindOf(thread: string): string {
  return THREADS.find(([pattern]) => pattern.test(thread))?.[1] ?? 'other threads';
}

function difference(after: CpuSeconds, before: CpuSeconds): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]),
  );
}

import type { Clip } from './clips.js';
import type { PeerRun } from './peer.js';
import type { PipelineRun } from './pipeline.js';

/** Measurements on one clip. */
export interface ClipReport {
  readonly clip: string;
  readonly frames: number;
  /** Runs of the script by its number of processes. */
  readonly peer: Record<string, PeerRun[]>;
  /** Runs of other tools by their name. */
  readonly tools: Record<string, PeerRun[]>;
  /** Runs of Vidette by storage mode of frames. */
  readonly pipeline: Record<string, PipelineRun[]>;
  /** Frames per second of decoding and inference alone. */
  readonly limit: number[];
  /** Frames per second of inference alone. */
  readonly inference: number[];
}

export function createReport({ name, sampledFrames }: Clip): ClipReport {
  return {
    clip: name,
    frames: sampledFrames,
    peer: {},
    tools: {},
    pipeline: {},
    limit: [],
    inference: [],
  };
}

/** Returns the median; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Returns the smallest value that at least a share of the values do not exceed; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Formats a table of frames per second, ratios to the script and the limit, and CPU per frame. */
export function formatReport(report: ClipReport): string {
  const { clip, frames, peer, tools, pipeline } = report;
  const rows = [
    ...Object.entries(peer).map(([processes, runs]) => [
      `script, ${processes} process(es)`,
      runs.map(({ fps }) => fps),
    ]),
    ...Object.entries(tools).map(([name, runs]) => [name, runs.map(({ fps }) => fps)]),
    ...Object.entries(pipeline).map(([mode, runs]) => [
      `Vidette, frames: ${mode}`,
      runs.map(({ fps }) => fps),
    ]),
    ['decoding and inference alone', report.limit],
    ['inference alone', report.inference],
  ] as [string, number[]][];
  const lines = [`\n${clip}, ${frames} sampled frames, median of ${report.limit.length}`];
  lines.push(row('', 'frames/s', 'lowest', 'highest', 'vs. script', 'vs. limit'));
  const twoProcesses = median((peer['2'] ?? []).map(({ fps }) => fps));
  for (const [name, fps] of rows)
    lines.push(formatSpeed(name, fps, twoProcesses, median(report.limit)));
  for (const [mode, runs] of Object.entries(pipeline)) lines.push(...formatCpu(mode, runs.at(-1)!));
  return lines.join('\n');
}

function formatSpeed(name: string, fps: readonly number[], script: number, limit: number): string {
  const middle = median(fps);
  const speeds = [middle, Math.min(...fps), Math.max(...fps)].map((value) => value.toFixed(1));
  return row(name, ...speeds, (middle / script).toFixed(2), (middle / limit).toFixed(2));
}

function formatCpu(mode: string, { cpuMsPerFrame }: PipelineRun): string[] {
  const total = cpuMsPerFrame.reduce((sum, [, ms]) => sum + ms, 0);
  const parts = cpuMsPerFrame.map(([part, ms]) => row(`  ${part}`, ms.toFixed(2)));
  return [`CPU ms per frame, frames: ${mode}: ${total.toFixed(1)}`, ...parts];
}

/** Formats a table row: a name, and right-aligned values. */
export function row(name: string, ...values: string[]): string {
  return name.padEnd(36) + values.map((value) => value.padStart(14)).join('');
}

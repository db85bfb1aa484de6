import type { Clip } from './clips.js';
import type { PeerRun } from './peer.js';
import type { PipelineRun } from './pipeline.js';

/** Everything that was measured on one clip. */
export interface ClipReport {
  readonly clip: string;
  readonly frames: number;
  /** Runs of the script, by its processes. */
  readonly peer: Record<string, PeerRun[]>;
  /** Runs of Vidette, by what is stored of the frames. */
  readonly pipeline: Record<string, PipelineRun[]>;
  /** Frames per second of decoding and inference alone, and of inference alone. */
  readonly limit: number[];
  readonly inference: number[];
}

export function createReport({ name, sampledFrames }: Clip): ClipReport {
  return { clip: name, frames: sampledFrames, peer: {}, pipeline: {}, limit: [], inference: [] };
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A table of frames per second, ratios to the peer and to the limits, and CPU per frame. */
export function formatReport(report: ClipReport): string {
  const { clip, frames, peer, pipeline } = report;
  const rows = [
    ...Object.entries(peer).map(([processes, runs]) => [
      `script, ${processes} process(es)`,
      runs.map(({ fps }) => fps),
    ]),
    ...Object.entries(pipeline).map(([mode, runs]) => [
      `Vidette, frames: ${mode}`,
      runs.map(({ fps }) => fps),
    ]),
    ['decoding and inference alone', report.limit],
    ['inference alone', report.inference],
  ] as [string, number[]][];
  const lines = [`\n${clip}, ${frames} sampled frames, median of ${report.limit.length}`];
  lines.push(row('', 'frames/s', 'lowest', 'highest', 'of the script', 'of the limit'));
  const two = median((peer['2'] ?? []).map(({ fps }) => fps));
  for (const [name, fps] of rows) lines.push(speedLine(name, fps, two, median(report.limit)));
  for (const [mode, runs] of Object.entries(pipeline)) lines.push(...cpuLines(mode, runs.at(-1)!));
  return lines.join('\n');
}

function speedLine(name: string, fps: readonly number[], script: number, limit: number): string {
  const middle = median(fps);
  const speeds = [middle, Math.min(...fps), Math.max(...fps)].map((value) => value.toFixed(1));
  return row(name, ...speeds, (middle / script).toFixed(2), (middle / limit).toFixed(2));
}

function cpuLines(mode: string, { cpuMsPerFrame }: PipelineRun): string[] {
  const total = cpuMsPerFrame.reduce((sum, [, ms]) => sum + ms, 0);
  const parts = cpuMsPerFrame.map(([part, ms]) => row(`  ${part}`, ms.toFixed(2)));
  return [`CPU ms per frame, frames: ${mode}: ${total.toFixed(1)}`, ...parts];
}

/** A line of a table: a name, and values to its right. */
export function row(name: string, ...values: string[]): string {
  return name.padEnd(36) + values.map((value) => value.padStart(14)).join('');
}

import type { PipelineRun } from './pipeline.js';
import type { PeerRun } from './peer.js';

/** Everything that was measured on one clip. */
export interface ClipReport {
  readonly clip: string;
  readonly frames: number;
  readonly peer: Readonly<Record<string, readonly PeerRun[]>>;
  readonly pipeline: Readonly<Record<string, readonly PipelineRun[]>>;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A table of frames per second, ratios to the peer, and CPU per frame. */
export function formatReport({ clip, frames, peer, pipeline }: ClipReport): string {
  const two = median((peer['2'] ?? []).map(({ fps }) => fps));
  const lines = [`\n${clip}, ${frames} sampled frames`, row('', 'frames/s', 'of the script')];
  for (const [processes, runs] of Object.entries(peer)) {
    const fps = median(runs.map((run) => run.fps));
    lines.push(row(`script, ${processes} process(es)`, fps.toFixed(1), (fps / two).toFixed(2)));
  }
  for (const [mode, runs] of Object.entries(pipeline)) {
    const fps = median(runs.map((run) => run.fps));
    lines.push(row(`Vidette, frames: ${mode}`, fps.toFixed(1), (fps / two).toFixed(2)));
  }
  for (const [mode, runs] of Object.entries(pipeline)) lines.push(...cpuLines(mode, runs.at(-1)!));
  return lines.join('\n');
}

function cpuLines(mode: string, { cpuMsPerFrame }: PipelineRun): string[] {
  const total = cpuMsPerFrame.reduce((sum, [, ms]) => sum + ms, 0);
  const parts = cpuMsPerFrame.map(([part, ms]) => row(`  ${part}`, ms.toFixed(2)));
  return [`CPU ms per frame, frames: ${mode}: ${total.toFixed(1)}`, ...parts];
}

function row(name: string, ...values: string[]): string {
  return name.padEnd(30) + values.map((value) => value.padStart(14)).join('');
}

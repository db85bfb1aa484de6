import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { OwnStack } from '../own-stack.js';

/** Milliseconds from the arrival of a frame to its row. */
export interface Latency {
  /** Number of the row. */
  readonly frame: number;
  /** Arrival in ms since 1970. */
  readonly arrival: number;
  /** Until the row was made. */
  readonly madeMs: number;
  /** Until a follower received it, after it was stored. */
  readonly receivedMs: number;
}

export interface RowFollower {
  /** Latencies of the rows so far. */
  readonly latencies: readonly Latency[];
  stop(): void;
}

const ROW = z.object({
  frame_number: z.int(),
  timestamp: z.string(),
  details: z.object({ lag_ms: z.number() }),
});

/** Follows the new rows of a scenario over HTTP. */
export async function followRows({ apiUrl }: OwnStack, uuid: string): Promise<RowFollower> {
  const stopping = new AbortController();
  const url = `${apiUrl}/api/v1/streams/${uuid}/results?follow=1&from_end=1&details=1`;
  const { ok, status, body } = await fetch(url, { signal: stopping.signal });
  if (!ok || !body) throw new Error(`${url}: status ${status}`);
  const latencies: Latency[] = [];
  const lines = createInterface(Readable.fromWeb(body));
  lines.on('line', (line) => {
    const { frame_number: frame, timestamp, details } = ROW.parse(JSON.parse(line));
    const arrival = Date.parse(timestamp);
    latencies.push({ frame, arrival, madeMs: details.lag_ms, receivedMs: Date.now() - arrival });
  });
  lines.on('error', () => undefined); // it was stopped
  return { latencies, stop: () => stopping.abort() };
}

import type { ServerResponse } from 'node:http';
import type { ApiServer } from '../http/api-server.js';
import { watchResponses } from './watch-responses.js';

interface Reading {
  /** Bytes that the connection had sent at the last look. */
  sent: number;
  stalledMs: number;
}

/**
 * Cuts off clients that take nothing of a response for `stallMs` milliseconds while part of it waits
 * for them: each holds a connection, and memory. Browsers continue a paused video with a new request.
 */
export function cutStalledReaders(server: ApiServer, stallMs: number): void {
  const everyMs = Math.min(10_000, stallMs / 4);
  watchResponses<Reading>(server, {
    everyMs,
    start: () => ({ sent: 0, stalledMs: 0 }),
    check: (open) => {
      for (const [response, reading] of open) {
        updateReading(response, reading, everyMs);
        if (reading.stalledMs < stallMs) continue;
        server.log.info({ stallMs }, 'response not read, cutting off the client');
        response.destroy();
      }
    },
  });
}

function updateReading({ socket }: ServerResponse, reading: Reading, passedMs: number): void {
  const sent = socket?.bytesWritten ?? 0;
  const isWaiting = (socket?.writableLength ?? 0) > 0;
  reading.stalledMs = isWaiting && sent === reading.sent ? reading.stalledMs + passedMs : 0;
  reading.sent = sent;
}

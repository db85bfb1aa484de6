import type { ServerResponse } from 'node:http';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { waitForAbort } from '../../platform/wait-for-abort.js';
import type { CameraAttachment } from '../../streams/camera-host.js';

/** Answers a request about one camera; `signal` aborts when the camera or the client has gone. */
export type CameraRoute = (
  attachment: CameraAttachment,
  response: ServerResponse,
  signal: AbortSignal,
) => Promise<void>;

/** Routes of the internal server by the last part of their path, as `workerPaths` names them. */
export const CAMERA_ROUTES: Readonly<Record<string, CameraRoute>> = {
  commits: followCommits,
  'latest.jpg': sendLatestJpeg,
};

/** Reports each commit to the log with the number of the last row. */
async function followCommits(
  attachment: CameraAttachment,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  response.flushHeaders();
  let last = attachment.status().frame_number;
  const stop = attachment.follow((entries) => {
    last = lastNumber(entries) ?? last;
    response.write(`${JSON.stringify({ frame_number: last })}\n`);
  });
  await waitForAbort(signal);
  stop();
}

function lastNumber(entries: readonly LogEntry[]): number | undefined {
  const row = entries.findLast((entry) => !isGap(entry));
  return row && !isGap(row) ? row.frame_number : undefined;
}

async function sendLatestJpeg(
  attachment: CameraAttachment,
  response: ServerResponse,
): Promise<void> {
  const image = await attachment.latestJpeg();
  if (!image) {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.write('{"error":"the camera has sent no image"}\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
  response.write(image);
}

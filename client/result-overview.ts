import { AppError } from '../domain/errors.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports.js';
import type { DetectionResult, ResultHeader, ResultSummary } from '../domain/result.js';
import type { ResultOverview } from './types.js';

/** Bytes at both ends of a result object in which header and summary lie. */
const END_BYTES = 512 * 1024;

/** The part of a result between its header and its frames, and that before its summary. */
const FRAMES_START = ',\n  "frames": [';
const SUMMARY_START = '"summary": {';

/**
 * Header and summary of a job's result, by two reads of its ends: a result of days of video is
 * gigabytes. Undefined when there is no result object.
 */
export async function readOverview(
  objects: ObjectStore,
  eventId: string,
): Promise<ResultOverview | undefined> {
  const key = keys.result(eventId);
  const found = await objects.stat(BUCKETS.results, key);
  if (!found) return undefined;
  const length = Math.min(found.size, END_BYTES);
  const read = (offset: number) => objects.getRange(BUCKETS.results, key, offset, length);
  const head = (await read(0)).toString('utf8');
  const tail = (await read(found.size - length)).toString('utf8');
  return parseOverview(head, tail, key);
}

/** @param head first, @param tail last characters of a result's text. */
export function parseOverview(head: string, tail: string, key: string): ResultOverview {
  const headEnd = head.indexOf(FRAMES_START);
  const tailStart = tail.lastIndexOf(SUMMARY_START);
  if (headEnd < 0 || tailStart < 0) throw damaged(key);
  try {
    const header = JSON.parse(`${head.slice(0, headEnd)}}`) as ResultHeader; // our own writing
    const end = JSON.parse(`{${tail.slice(tailStart)}`) as Pick<DetectionResult, 'summary'>;
    return overviewOf(header, end.summary);
  } catch {
    throw damaged(key);
  }
}

function overviewOf(header: ResultHeader, summary: ResultSummary): ResultOverview {
  const { event_id, video_id, status, model, parameters, video, rerun_of, device } = header;
  return {
    ...{ event_id, video_id, status, model, parameters },
    device: { asked: askedOf(device.asked), used: device.used },
    bucket: video.bucket,
    frame_count: video.frame_count,
    rerun_of: rerun_of ?? null,
    ...summary,
  };
}

function askedOf(asked: string): ResultOverview['device']['asked'] {
  return asked === 'cpu' || asked === 'gpu' ? asked : 'auto';
}

function damaged(key: string): AppError {
  return new AppError('INCOMPLETE_RESULT', `The result ${BUCKETS.results}/${key} is damaged.`, {
    key,
  });
}

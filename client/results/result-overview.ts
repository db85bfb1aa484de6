import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import {
  parseResultEnds,
  RESULT_END_BYTES,
  type ResultEnds,
} from '../../domain/result/result-text.js';
import type { ResultOverview } from '../types.js';

/**
 * Header and summary of a job's result, by two reads of its ends: a result of days of video is
 * gigabytes. Undefined when there is no result object.
 */
export async function readOverview(
  objects: ObjectStore,
  eventId: string,
): Promise<ResultOverview | undefined> {
  const ends = await readEnds(objects, eventId);
  return ends && overviewOf(ends);
}

/** The same, as it is stored. */
export async function readEnds(
  objects: Pick<ObjectStore, 'stat' | 'getRange'>,
  eventId: string,
): Promise<ResultEnds | undefined> {
  const key = keys.result(eventId);
  const found = await objects.stat(BUCKETS.results, key);
  if (!found) return undefined;
  const length = Math.min(found.size, RESULT_END_BYTES);
  const read = (offset: number) => objects.getRange(BUCKETS.results, key, offset, length);
  const head = (await read(0)).toString('utf8');
  const tail = (await read(found.size - length)).toString('utf8');
  return parseResultEnds(head, tail, `${BUCKETS.results}/${key}`);
}

/** Header and summary as the client tells them. */
export function overviewOf({ header, summary }: ResultEnds): ResultOverview {
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

import type { ObjectStore } from '../../domain/ports/object-store.js';
import { readResultEnds, type ResultEnds } from '../../domain/result/read-result.js';
import type { ResultOverview } from '../types.js';

/** Reads header and summary of a job's result; undefined if there is no result. */
export async function readOverview(
  objects: ObjectStore,
  eventId: string,
): Promise<ResultOverview | undefined> {
  const ends = await readResultEnds(objects, eventId);
  return ends && overviewOf(ends);
}

/** Converts header and summary to the public form. */
function overviewOf({ header, summary }: ResultEnds): ResultOverview {
  const { event_id, video_id, status, model, parameters, video, rerun_of, device } = header;
  return {
    ...{ event_id, video_id, status, model, parameters },
    device: { asked: requestedDevice(device.asked), used: device.used },
    bucket: video.bucket,
    frame_count: video.frame_count,
    rerun_of: rerun_of ?? null,
    ...summary,
  };
}

function requestedDevice(asked: string): ResultOverview['device']['asked'] {
  return asked === 'cpu' || asked === 'gpu' ? asked : 'auto';
}

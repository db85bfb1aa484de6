import type { DiffLine, DiffSummary } from '../../api/types.js';
import type { DiffRow } from '../../domain/result/diff/diff-frames.js';
import { readLines } from './lines.js';
import { request, RequestError } from './request.js';

const CUT_OFF = 'The comparison was interrupted. Check that Vidette is running.';

interface DiffQuery {
  readonly a: string;
  readonly b: string;
  readonly confA?: number | undefined;
  readonly confB?: number | undefined;
}

/** URL of the differences as WebVTT. */
export function diffVttUrl(query: DiffQuery): string {
  return `/api/v1/diff?${formatQuery(query)}&format=vtt`;
}

/** URL of the video of the frames that differ. */
export function diffVideoUrl(query: DiffQuery): string {
  return `/api/v1/diff/video?${formatQuery(query)}`;
}

function formatQuery({ a, b, confA, confB }: DiffQuery): string {
  const query = new URLSearchParams({ a, b });
  if (confA !== undefined) query.set('conf_a', String(confA));
  if (confB !== undefined) query.set('conf_b', String(confB));
  return query.toString();
}

/**
 * Streams the differences between the results of two jobs of one video.
 * @returns the summary
 * @throws RequestError if the results cannot be compared, or the stream is cut off
 */
export async function readDiff(
  { a, b }: { readonly a: string; readonly b: string },
  onRow: (row: DiffRow) => void,
  signal: AbortSignal,
): Promise<DiffSummary> {
  const response = await request(`/api/v1/diff?${new URLSearchParams({ a, b })}`, { signal });
  try {
    for await (const line of readLines(response)) {
      const parsed = JSON.parse(line) as DiffLine; // matches the API's schema; throws if it broke
      if (parsed.type === 'summary') return parsed;
      onRow(parsed);
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
  throw new RequestError(CUT_OFF);
}

import type {
  FrameRow,
  Job,
  JobDetails,
  JobStatus,
  ResultHeader,
  ResultOverview,
  SkippedFrame,
} from '../../api/types.js';
import { readLines } from './lines.js';
import { fetchApi, getJson, postJson, toRequestError, request, RequestError } from './request.js';
import { sendBody } from './send-body.js';

const API = '/api/v1';
/** Separates the header of a result from its frames. */
const FRAMES_START = ',\n  "frames": [';

/** A page of jobs, newest first. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null;
}

export interface JobSearch {
  readonly status?: JobStatus;
  readonly text?: string;
  /** Part of the id or name of a video. */
  readonly video?: string;
  /** Id of a batch. */
  readonly batch?: string;
  readonly cursor?: string;
  /** Maximum number of jobs in the page. */
  readonly limit?: number;
}

/** Sampled frame of a job: its objects, or the reason why it was skipped. */
export type Row = FrameRow | SkippedFrame;

/** Whether a job has ended. */
export const isClosed = ({ status }: Pick<Job, 'status'>) =>
  status === 'ready' || status === 'failed' || status === 'cancelled';

/** URL of a job or of a resource below it, such as `video` or `export?format=csv`. */
export const jobUrl = (eventId: string, part = '') =>
  `${API}/jobs/${encodeURIComponent(eventId)}${part && `/${part}`}`;

/** Hash of the URL of a job's page. */
export const jobPageHash = (eventId: string) => `#/job/${encodeURIComponent(eventId)}`;

export function listJobs(search: JobSearch, signal?: AbortSignal): Promise<JobPage> {
  const query = new URLSearchParams();
  for (const name of ['status', 'text', 'video', 'batch', 'cursor', 'limit'] as const) {
    if (search[name]) query.set(name, String(search[name]));
  }
  return getJson(`${API}/jobs?${query}`, signal);
}

export const getJob = (eventId: string, signal?: AbortSignal) =>
  getJson<JobDetails>(jobUrl(eventId), signal);

export const getSummary = (eventId: string, signal?: AbortSignal) =>
  getJson<ResultOverview>(jobUrl(eventId, 'summary'), signal);

/** Reads the first detected frame of a result; undefined if it has none. */
export async function getFirstFrame(eventId: string): Promise<FrameRow | undefined> {
  const path = jobUrl(eventId, 'result?limit=1');
  const { frames } = await getJson<{ readonly frames: readonly FrameRow[] }>(path);
  return frames[0];
}

/** Starts a job for a stored video or for the URL of a video. */
export const startJob = (input: Readonly<Record<string, unknown>>) =>
  postJson<{ readonly event_id: string }>(`${API}/jobs`, input);

export async function cancelJob(eventId: string): Promise<void> {
  await request(jobUrl(eventId), { method: 'DELETE' });
}

/** Runs a job again. @param changes options to change; the others keep their values */
export const rerunJob = (eventId: string, changes: Readonly<Record<string, unknown>>) =>
  postJson<{ readonly event_id: string }>(jobUrl(eventId, 'rerun'), changes);

/** Filters the detections of a job. @param options narrower options; the others keep their values */
export const deriveJob = (eventId: string, options: Readonly<Record<string, unknown>>) =>
  postJson<{ readonly event_id: string }>(jobUrl(eventId, 'derive'), options);

/** Uploads a file through the API. @param onShare receives the share sent so far, 0 to 1 */
export async function uploadVideo(
  file: File,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<{ readonly video_id: string }> {
  const body = new FormData();
  body.append('file', file, file.name);
  const onSent = (sent: number, total: number) => onShare(total > 0 ? sent / total : 0);
  const url = `${API}/videos`;
  const response = await sendBody({ method: 'POST', url, body, signal, onSent });
  if (!response) throw new RequestError('The upload was interrupted. Try again.');
  if (response.status >= 300) throw toRequestError(response.status, response.text);
  return JSON.parse(response.text) as { video_id: string }; // matches the API's schema
}

/** Reads the header of a result without its frames; undefined if the job has no result. */
export async function getResultHeader(
  eventId: string,
  signal: AbortSignal,
): Promise<ResultHeader | undefined> {
  const response = await fetchApi(jobUrl(eventId, 'result'), { signal });
  if (!response.ok) return undefined;
  let text = '';
  for await (const line of readLines(response)) {
    text += `${line}\n`;
    if (text.includes(FRAMES_START)) break; // the rest can be gigabytes
  }
  const end = text.indexOf(FRAMES_START);
  return end < 0 ? undefined : (JSON.parse(`${text.slice(0, end)}}`) as ResultHeader);
}

import type {
  FrameRow,
  Job,
  JobDetails,
  JobStatus,
  ResultHeader,
  ResultOverview,
  SkippedFrame,
} from '../../api/types.js';
import { linesOf } from './lines.js';
import { answerTo, getJson, postJson, refusal, request, RequestError } from './request.js';

const API = '/api/v1';
/** The frames of a result begin after this. */
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
  readonly cursor?: string;
}

/** A frame of a job: what was found in it, or why nothing was looked for. */
export type Row = FrameRow | SkippedFrame;

/** Whether nothing more will happen to a job. */
export const isClosed = ({ status }: Pick<Job, 'status'>) =>
  status === 'ready' || status === 'failed' || status === 'cancelled';

/** Address of a part of a job, such as `video` or `export?format=csv`. */
export const jobPart = (eventId: string, part = '') =>
  `${API}/jobs/${encodeURIComponent(eventId)}${part && `/${part}`}`;

export function listJobs(search: JobSearch, signal?: AbortSignal): Promise<JobPage> {
  const query = new URLSearchParams();
  for (const name of ['status', 'text', 'cursor'] as const) {
    if (search[name]) query.set(name, search[name]);
  }
  return getJson(`${API}/jobs?${query}`, signal);
}

export const getJob = (eventId: string, signal?: AbortSignal) =>
  getJson<JobDetails>(jobPart(eventId), signal);

export const getSummary = (eventId: string, signal?: AbortSignal) =>
  getJson<ResultOverview>(jobPart(eventId, 'summary'), signal);

/** Starts a job on a video that is stored, or at an address. */
export const startJob = (input: Readonly<Record<string, unknown>>) =>
  postJson<{ readonly event_id: string }>(`${API}/jobs`, input);

export async function cancelJob(eventId: string): Promise<void> {
  await request(jobPart(eventId), { method: 'DELETE' });
}

export const rerunJob = (eventId: string) =>
  postJson<{ readonly event_id: string }>(jobPart(eventId, 'rerun'), {});

/** Brings a file into the store. @param onShare told the share of it that is sent, 0 to 1. */
export function uploadVideo(
  file: File,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<{ readonly video_id: string }> {
  const body = new FormData();
  body.append('file', file, file.name);
  return new Promise((resolve, reject) => {
    // fetch does not tell how much it has sent.
    const upload = new XMLHttpRequest();
    upload.open('POST', `${API}/videos`);
    upload.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0);
    upload.onload = () => {
      const { status, responseText } = upload;
      if (status >= 300) return reject(refusal(status, responseText));
      resolve(JSON.parse(responseText) as { video_id: string }); // the API's own writing
    };
    upload.onerror = () => reject(new RequestError('The upload broke off. Try it again.'));
    upload.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'));
    signal.addEventListener('abort', () => upload.abort());
    upload.send(body);
  });
}

/** What a result says before its frames; undefined when there is no result. */
export async function headerOf(
  eventId: string,
  signal: AbortSignal,
): Promise<ResultHeader | undefined> {
  const response = await answerTo(jobPart(eventId, 'result'), { signal });
  if (!response.ok) return undefined;
  let text = '';
  for await (const line of linesOf(response)) {
    text += `${line}\n`;
    if (text.includes(FRAMES_START)) break; // a result of days of video is gigabytes
  }
  const end = text.indexOf(FRAMES_START);
  return end < 0 ? undefined : (JSON.parse(`${text.slice(0, end)}}`) as ResultHeader);
}

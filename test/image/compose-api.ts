import { openAsBlob } from 'node:fs';
import { expect } from 'vitest';
import type { DetectionResult } from '../../domain/result/result.js';
import { json } from '../support/api.js';

/** Status of a response; 0 without one. */
export const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

/** Uploads a video, runs a job on it, and reads its result, all by the HTTP API. */
export async function runByApi(
  { url, key }: { readonly url: string; readonly key: string },
  path: string,
  options: object,
): Promise<DetectionResult> {
  const headers = { authorization: `Bearer ${key}` };
  const jobs = `${url}/api/v1/jobs`;
  const form = new FormData();
  form.append('options', JSON.stringify(options));
  form.append('file', await openAsBlob(path), 'clip.mp4');
  const submitted = await fetch(jobs, { method: 'POST', headers, body: form });
  expect(submitted.status).toBe(202);
  const { event_id } = await json<{ event_id: string }>(submitted);
  const get = <T>(inner: string) => json<T>(fetch(`${jobs}/${event_id}${inner}`, { headers }));
  await expect.poll(async () => (await get<{ status: string }>('')).status).toBe('ready');
  return get('/result');
}

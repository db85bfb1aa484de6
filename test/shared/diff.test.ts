import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiffLine, DiffSummary, VidetteClient } from '../../client/index.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { renderSample } from '../../sample/render.js';
import { FRAME_COUNT } from '../../sample/scene.js';
import { apiAt, json } from '../support/api.js';
import { collect } from '../support/collect.js';
import { outputOn } from '../support/command-line.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const EVERY = 25;
const RUNS_FOR_MS = 120_000;
const A = 'diff-first';
const B = 'diff-second';
const OTHER = 'diff-other-sampling';

let stack: SharedConnection;
let client: VidetteClient;
let first: DetectionResult;
let second: DetectionResult;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  const path = join(stack.folder, 'sample.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
  await stack.putVideo('diff-sample', path);
  const run = (event_id: string, options: Partial<JobRequest>) =>
    stack.run({ video_id: 'diff-sample', event_id, frames: 'none', model: REAL_MODEL, ...options });
  await run(A, { every: EVERY });
  await run(B, { every: EVERY, preprocess: false, conf: 0.3 });
  await run(OTHER, { every: 2 * EVERY });
  [first, second] = [await stack.result(A), await stack.result(B)];
}, RUNS_FOR_MS);
afterAll(() => stack?.close());

const ask = (query: Readonly<Record<string, string>>) =>
  apiAt(stack.apiUrl).at(`/diff?${new URLSearchParams(query).toString()}`);

async function readLines(query: Readonly<Record<string, string>>): Promise<DiffLine[]> {
  const response = await ask(query);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/x-ndjson',
  ]);
  const text = await response.text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as DiffLine);
}

const countObjects = ({ frames }: DetectionResult, conf = 0) =>
  frames.flatMap(({ objects }) => objects).filter((object) => object.conf >= conf).length;

describe('the diff of two jobs of one video', () => {
  it('has a line per frame and accounts for the objects of both', async () => {
    const lines = await readLines({ a: A, b: B });
    const summary = lines.at(-1) as DiffSummary;
    expect(lines.slice(0, -1).map((line) => 'frame' in line && line.frame)).toEqual(
      first.frames.map(({ frame }) => frame),
    );
    const { same, changed, vanished, appeared } = summary;
    expect(same).toBeGreaterThan(0);
    expect(same + changed + vanished).toBe(countObjects(first));
    expect(same + changed + appeared).toBe(countObjects(second));
    expect(summary).toMatchObject({
      ...{ type: 'summary', video_id: 'diff-sample', different_options: ['conf', 'preprocess'] },
      ...{ a: { event_id: A, conf: 0.25 }, b: { event_id: B, conf: 0.3, model: second.model } },
      ...{ frames: FRAME_COUNT / EVERY, frames_skipped: 0 },
    });
  });

  it('of a job with itself has the same objects only', async () => {
    const summary = await json<DiffSummary>(ask({ a: A, b: A, format: 'summary' }));
    expect(summary).toMatchObject({
      ...{ same: countObjects(first), changed: 0, vanished: 0, appeared: 0 },
      ...{ frames_different: 0, conf_change: 0 },
    });
  });

  it('applies a threshold to each side, and leaves out frames without a difference', async () => {
    const confidences = first.frames.flatMap(({ objects }) => objects.map(({ conf }) => conf));
    const median = confidences.sort((one, other) => one - other)[confidences.length >> 1]!; // not empty
    const lines = await readLines({ a: A, b: A, conf_a: `${median}`, only_different: '1' });
    const summary = lines.at(-1) as DiffSummary;
    expect(summary).toMatchObject({
      a: { conf: median },
      same: countObjects(first, median),
      vanished: 0,
    });
    expect(summary.appeared).toBe(countObjects(first) - countObjects(first, median));
    expect(lines).toHaveLength(summary.frames_different + 1);
    expect(summary.frames_different).toBeGreaterThan(0);
  });

  it('is the same from the client and the command line', async () => {
    const lines = await readLines({ a: A, b: B });
    expect(await collect(await client.diff(A, B))).toEqual(lines);
    const printed = await outputOn(stack, '--json', 'diff', A, B);
    expect(printed.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(lines);
    const text = await outputOn(stack, 'diff', A, B, '--conf-b', '0.5');
    expect(text).toMatch(/^FRAME +SECONDS +SAME +DIFFERENCE\n0 /);
    expect(text).toContain(`B  ${REAL_MODEL}@1  confidence from 0.5   ${B}`);
    expect(text).toMatch(/\d+ of \d+ compared frames differ\.$/);
  });

  it('is a conflict for jobs of other frames, which names the difference', async () => {
    const response = await ask({ a: A, b: OTHER });
    expect(response.status).toBe(409);
    expect(await json(response)).toMatchObject({
      type: '/problems/not-comparable',
      detail: expect.stringContaining(`every is ${EVERY} and ${2 * EVERY}`) as string,
    });
  });

  it('is rejected for a job without a result and for a confidence below that of the job', async () => {
    await writeFile(join(stack.folder, 'none.mp4'), 'not a video');
    await stack.putVideo('diff-none', join(stack.folder, 'none.mp4'));
    await stack.run({ video_id: 'diff-none', event_id: 'diff-failed' }).catch(() => undefined);
    const kindOf = async (query: Readonly<Record<string, string>>) => {
      const response = await ask(query);
      const { type } = await json<{ type: string }>(response);
      return [response.status, type];
    };
    expect(await kindOf({ a: A, b: 'diff-failed' })).toEqual([404, '/problems/no-result']);
    expect(await kindOf({ a: 'diff-unknown', b: A })).toEqual([404, '/problems/job-not-found']);
    expect(await kindOf({ a: A, b: B, conf_b: '0.1' })).toEqual([400, '/problems/invalid-input']);
    expect(await kindOf({ a: A })).toEqual([400, '/problems/invalid-request']);
  });
});

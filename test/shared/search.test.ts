import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { SightingPage, VidetteClient, VideoPage } from '../../client/index.js';
import { apiAt, type ApiClient } from '../support/api.js';
import { startScenario } from '../support/camera-scenarios.js';
import { outputOn } from '../support/command-line.js';
import { CITY, writeConstantDetector } from '../support/constant-detectors.js';
import { makeMovingClip } from '../support/moving-camera.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

/** Classes of this file alone, because other files share the stack. */
const [DOG, CAT] = ['search-dog', 'search-cat'];
const VIDEO = 'search-clip';
const SECONDS = 2;
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
let clip: string;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
  const detector = { ...CITY, name: 'search-detector', labels: [DOG, CAT] };
  const { path, manifest } = await writeConstantDetector(stack.folder, detector);
  await createModelRegistry(stack.objects).publish(path, manifest);
  const folder = join(stack.settings['VIDETTE_FILE_ROOT']!, 'search'); // set for the shared stack
  await mkdir(folder, { recursive: true });
  clip = await makeMovingClip(join(folder, 'clip.mp4'), SECONDS);
  await stack.putVideo(VIDEO, clip);
  await run('search-first');
  await run('search-second');
}, RUNS_FOR_MS);
afterAll(() => stack?.close());

const run = (event_id: string) =>
  stack.run({ video_id: VIDEO, event_id, model: 'search-detector', frames: 'none' });

async function find(query: Readonly<Record<string, string>>): Promise<SightingPage> {
  const response = await api.at(`/sightings?${new URLSearchParams(query).toString()}`);
  expect(response.status).toBe(200);
  return (await response.json()) as SightingPage;
}

async function findVideo(): Promise<VideoPage['videos'][number]> {
  const response = await api.at(`/videos?limit=1&cursor=${VIDEO.slice(0, -1)}`);
  const [video] = ((await response.json()) as VideoPage).videos;
  expect(video?.video_id).toBe(VIDEO);
  return video!;
}

describe('the search over all videos', () => {
  it('finds the spans of a class, the newest job first', async () => {
    const { sightings, next } = await find({ class: DOG });
    expect(sightings.map(({ event_id }) => event_id)).toEqual(['search-second', 'search-first']);
    const { frames } = await stack.result('search-first');
    expect(sightings[1]).toMatchObject({
      ...{ class: DOG, video_id: VIDEO, scenario_uuid: null, max_conf: 0.8 },
      ...{ from_ms: frames[0]!.timestamp_ms, to_ms: frames.at(-1)!.timestamp_ms },
      ...{ frames: frames.length, best: { frame: 0, box: frames[0]!.objects[0]!.box } },
    });
    expect(next).toBeNull();
  });

  it('selects by confidence, job and time, a page at a time', async () => {
    expect((await find({ class: CAT, conf: '0.6' })).sightings).toHaveLength(2);
    expect((await find({ class: CAT, conf: '0.61' })).sightings).toEqual([]);
    expect((await find({ video: VIDEO, conf: '0.7' })).sightings).toHaveLength(2);
    expect((await find({ job: 'search-first' })).sightings).toHaveLength(2);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect((await find({ class: DOG, from: later })).sightings).toEqual([]);
    expect((await find({ class: DOG, to: later })).sightings).toHaveLength(2);
    const first = await find({ class: DOG, limit: '1' });
    const second = await find({ class: DOG, limit: '1', cursor: first.next! });
    expect([first, second].map((page) => page.sightings[0]?.event_id)).toEqual([
      'search-second',
      'search-first',
    ]);
    expect((await api.at('/sightings?conf=2')).status).toBe(400);
    expect((await api.at('/sightings?cursor=x')).status).toBe(400);
  });

  it('is a command with a sentence or flags', async () => {
    const output = await outputOn(stack, 'find', DOG, 'over', '0.5', 'today');
    expect(output).toMatch(/search-dog +0\.80 +search-clip.* search-second\n/);
    const json = await outputOn(stack, 'find', '--class', CAT, '--json');
    expect((JSON.parse(json) as SightingPage).sightings).toHaveLength(2);
  });

  it('has what was detected in a video, until its jobs are deleted', async () => {
    const { frames } = await stack.result('search-second');
    expect((await findVideo()).detected).toMatchObject({
      ...{ event_id: 'search-second', classes: [DOG, CAT], sightings: 2 },
      ...{ poster_frame: frames[0]!.frame },
    });
    await client.deleteJob('search-second');
    expect((await findVideo()).detected).toMatchObject({ event_id: 'search-first' });
    expect((await find({ class: DOG })).sightings).toHaveLength(1);
  });

  it(
    'finds what a camera saw, until its scenario is deleted',
    async () => {
      const input = { camera_url: `file://${clip}`, pace: 'fast', fps: 2 } as const;
      const scenario = await startScenario(stack, { ...input, model: 'search-detector' });
      const { frames } = await scenario.handle.result();
      const query = { camera: scenario.uuid, class: DOG };
      const found = async () => (await find(query)).sightings;
      await expect.poll(async () => (await found())[0]?.frames, { timeout: 20_000 }).toBe(frames);
      expect(await found()).toMatchObject([
        { scenario_uuid: scenario.uuid, event_id: null, max_conf: 0.8, first_frame: 1 },
      ]);
      await client.streams.delete(scenario.uuid);
      expect(await found()).toEqual([]);
    },
    RUNS_FOR_MS,
  );

  it(
    'finds jobs of earlier builds once they are indexed',
    async () => {
      const before = await find({ job: 'search-first' });
      await stack.documents.sightings.removeOfJob('search-first');
      await stack.documents.adoptEvent('search-first', { indexed: undefined });
      expect((await find({ job: 'search-first' })).sightings).toEqual([]);
      const counts = await client.indexJobs({ all: true });
      expect(counts.indexed).toBeGreaterThan(0);
      expect(counts.failed).toBe(0);
      expect(await find({ job: 'search-first' })).toEqual(before);
      expect(await outputOn(stack, 'index')).toMatch(/^Indexed \d+ jobs?\./);
      expect(await find({ job: 'search-first' })).toEqual(before);
    },
    RUNS_FOR_MS,
  );
});

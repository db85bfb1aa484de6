import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient, ZoneReport, ZoneSet } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { FrameRow } from '../../domain/result/result.js';
import { apiAt, type ApiClient, json } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { commandOn } from '../support/command-line.js';
import { makeResult, writeOwnLayout } from '../support/results.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const VIDEO = 'zones-numbers';
const JOB = 'zones-followed';
const TREMBLING = 'zones-trembling';

const polygon = (name: string, left: number, right: number) => ({
  ...{ name, kind: 'zone' as const },
  points: [
    [left, 0],
    [right, 0],
    [right, 1],
    [left, 1],
  ],
});
const LINE = {
  ...{ name: 'middle', kind: 'line' as const },
  points: [
    [0.5, 0],
    [0.5, 1],
  ],
};
const ZONES = [polygon('right', 0.5, 1), LINE];

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
let source: string;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
  source = join(stack.folder, 'numbers.mp4');
  await makeClip(
    CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
    source,
  );
  await stack.putVideo(VIDEO, source);
  const job = { video_id: VIDEO, every: 1, frames: 'none', preprocess: false } as const;
  await stack.run({ ...job, event_id: JOB, tracking: true });
  await putTrembling();
});
afterAll(() => stack?.close());

/** Stores a result in which one car trembles on the line before it crosses, and another stays on it. */
async function putTrembling(): Promise<void> {
  // Boxes of 20 x 20 pixels in a frame of 100 x 200: the margin is 2 pixels.
  const places = [30, 49, 51, 49, 51, 49, 51, 60, 70];
  const box = (x: number) => [x - 10, 90, x + 10, 110] as const;
  const rows = places.map((x, i): FrameRow => {
    const car = { class: 'car', conf: 0.9, box: box(x), track_id: 1 };
    const other = { ...car, box: box(i % 2 === 0 ? 49 : 51), track_id: 2 };
    return { frame: i, timestamp_ms: 40 * i, objects: [car, other] };
  });
  const result = makeResult(rows, []);
  const parameters = { ...result.parameters, tracking: true };
  const stored = { ...result, event_id: TREMBLING, video_id: VIDEO, parameters };
  await stack.objects.put(BUCKETS.results, keys.result(TREMBLING), writeOwnLayout(stored));
}

const put = (path: string, zones: unknown) =>
  api.at(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ zones }),
  });
const setAt = (name: string, video = VIDEO) => `/videos/${video}/zones/${name}`;

describe('the zones of a video', () => {
  it('are stored under names, and the same ones again change nothing', async () => {
    const stored = await json<ZoneSet>(put(setAt('gate'), ZONES));
    expect(stored).toMatchObject({ name: 'gate', zones: ZONES });
    expect(await json(put(setAt('gate'), ZONES))).toEqual(stored);
    expect(await json(api.at(setAt('gate')))).toEqual(stored);
    const other = await json<ZoneSet>(put(setAt('all'), [polygon('frame', 0, 1)]));
    const listed = await json(api.at(`/videos/${VIDEO}/zones`));
    expect(listed).toEqual({ sets: [other, stored] });
  });

  it('apply to every job of the video, also to one that ran again', async () => {
    await put(setAt('gate'), ZONES);
    const { event_id } = await client.rerun(JOB);
    await client.result(event_id);
    for (const id of [JOB, event_id]) {
      const report = await json<ZoneReport>(api.at(`/jobs/${id}/zones?name=gate`));
      expect(report).toEqual(await json(api.post(`/jobs/${id}/zones`, { zones: ZONES })));
      expect(report.totals.map(({ zone }) => zone)).toEqual(['right', 'middle']);
    }
  });

  it('are managed by commands', async () => {
    const file = join(stack.folder, 'zones.json');
    await writeFile(file, JSON.stringify(ZONES));
    const stored = await commandOn(stack, 'zone-sets', 'put', VIDEO, 'command', file);
    expect(await json(api.at(setAt('command')))).toEqual(stored);
    expect(await commandOn(stack, 'zone-sets', 'get', VIDEO, 'command')).toEqual(ZONES);
    expect(await commandOn(stack, 'zone-sets', 'ls', VIDEO)).toContainEqual(stored);
    const report = await commandOn(stack, 'zones', JOB, '--name', 'command');
    expect(report).toEqual(await client.zones(JOB, ZONES));
    await commandOn(stack, 'zone-sets', 'rm', VIDEO, 'command');
    expect((await api.at(setAt('command'))).status).toBe(404);
  });

  it('are deleted once or twice, and are then unknown', async () => {
    await put(setAt('short-lived'), ZONES);
    for (let i = 0; i < 2; i++) {
      const { status } = await api.at(setAt('short-lived'), { method: 'DELETE' });
      expect(status).toBe(204);
    }
    for (const path of [setAt('short-lived'), `/jobs/${JOB}/zones?name=short-lived`]) {
      const response = await api.at(path);
      expect(response.status).toBe(404);
      expect(JSON.stringify(await response.json())).toContain('zones-not-found');
    }
  });

  it.each([
    ['a video that does not exist', setAt('gate', 'zones-none'), ZONES, 404, /zones-none/],
    ['no zones', setAt('gate'), [], 400, /zones/],
    ['two of one name', setAt('gate'), [LINE, LINE], 400, /different names/],
    ['a point outside', setAt('gate'), [polygon('out', 0.5, 1.5)], 400, /points/],
    ['a name with a slash', `/videos/${VIDEO}/zones/a%2Fb`, ZONES, 400, /name/],
    ['a bucket that is a path', `${setAt('gate')}?bucket=..%2Fx`, ZONES, 400, /bucket/],
  ])('refuse %s', async (_, path, zones, status, detail) => {
    const response = await put(path, zones);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toMatch(detail);
  });

  it('have a maximum number of names, and those that exist can still change', async () => {
    const video = 'zones-many';
    await stack.putVideo(video, source);
    const names = Array.from({ length: 32 }, (_, i) => `set-${i}`);
    for (const name of names) expect((await put(setAt(name, video), ZONES)).status).toBe(200);
    const refused = await put(setAt('one-more', video), ZONES);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain('32 is the maximum');
    expect((await put(setAt('set-3', video), [LINE])).status).toBe(200);
  });

  it('are deleted with their video', async () => {
    const video = 'zones-deleted';
    await stack.putVideo(video, source);
    await put(setAt('gate', video), ZONES);
    await client.deleteVideo(video);
    expect(await zoneKeys(video)).toEqual([]);
    expect((await api.at(`/videos/${video}/zones`)).status).toBe(404);
  });

  it('stay with their video when its last job is deleted, unless it is not stored any more', async () => {
    const kept = { stored: 'zones-kept', removed: 'zones-lost' };
    for (const video_id of Object.values(kept)) {
      await stack.putVideo(video_id, source);
      await put(setAt('gate', video_id), ZONES);
      await stack.run({ video_id, event_id: `${video_id}-job`, every: 20, frames: 'none' });
    }
    await stack.objects.remove(BUCKETS.videos, keys.video(kept.removed));
    for (const video_id of Object.values(kept)) await client.deleteJob(`${video_id}-job`);
    expect(await zoneKeys(kept.stored)).toHaveLength(1);
    expect(await zoneKeys(kept.removed)).toEqual([]);
  });
});

async function zoneKeys(video: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of stack.objects.list(BUCKETS.results, `zones/videos/${video}/`)) {
    found.push(key);
  }
  return found;
}

describe('an object that trembles on a border', () => {
  it('counts once when it passes, and never when it stays', async () => {
    const path = `/jobs/${TREMBLING}/zones`;
    const report = await json<ZoneReport>(api.post(path, { zones: ZONES }));
    const [right, middle] = report.totals;
    expect(right).toMatchObject({ entered: 1, left: 0, objects: 1, dwell_median_ms: 80 });
    expect(middle).toMatchObject({ in: 0, out: 1, objects: 1 });
    const crossing = report.events.find(({ kind }) => kind === 'crossed');
    expect(crossing).toMatchObject({ track_id: 1, time_ms: 240 });
  });
});

describe('tables of a job with zones', () => {
  const textOf = async (path: string) => {
    const response = await api.at(`/jobs/${TREMBLING}/${path}`);
    expect(response.status).toBe(200);
    return response.text();
  };
  beforeAll(async () => {
    await put(setAt('default'), ZONES);
  });

  it('have each event, and the counts of each minute', async () => {
    expect((await textOf('zones?format=events-csv')).split('\r\n')).toEqual([
      'time_ms,zone,kind,track_id,class,direction,dwell_ms,appeared,vanished',
      '240,right,entered,1,car,,,,',
      '240,middle,crossed,1,car,out,,,',
      '320,right,left,1,car,,80,,true',
      '',
    ]);
    expect((await textOf('zones?format=minutes-csv')).split('\r\n')).toEqual([
      'minute_ms,zone,class,entered,left,in,out',
      '0,middle,car,0,0,0,1',
      '0,right,car,1,0,0,0',
      '',
    ]);
    const type = (await api.at(`/jobs/${TREMBLING}/zones?format=events-csv`)).headers;
    expect(type.get('content-type')).toMatch(/^text\/csv/);
    expect(type.get('content-disposition')).toContain(`${TREMBLING}.default.events.csv`);
  });

  it('name the zones of each object on request', async () => {
    const csv = (await textOf('export?format=csv&zones=default')).trimEnd().split('\r\n');
    expect(csv[0]).toMatch(/,zones$/);
    expect(csv.slice(-4).map((line) => line.split(',').at(-1))).toEqual([
      'right',
      'right',
      'right',
      '',
    ]);
    const lines = (await textOf('export?format=jsonl&zones=default')).trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { objects?: { zones: string[] }[] });
    expect(parsed[0]).toMatchObject({ zones: ZONES });
    expect(parsed.at(-2)!.objects!.map(({ zones }) => zones)).toEqual([['right'], []]);
    expect(await textOf('export?format=csv')).not.toContain('zones');
  });

  it('change with the zones, and other formats refuse them', async () => {
    const path = `/jobs/${TREMBLING}/export?format=csv&zones=default`;
    const etagOf = async () => (await api.at(path)).headers.get('etag');
    const before = await etagOf();
    expect(await etagOf()).toBe(before);
    await put(setAt('default'), [polygon('left', 0, 0.5)]);
    expect(await etagOf()).not.toBe(before);
    for (const format of ['coco', 'mp4', 'json']) {
      const response = await api.at(`/jobs/${TREMBLING}/export?format=${format}&zones=default`);
      expect(response.status).toBe(400);
      expect(JSON.stringify(await response.json())).toContain('no place for zones');
    }
  });
});

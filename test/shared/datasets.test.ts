import { join } from 'node:path';
import { makeZip } from 'client-zip';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetItem, DatasetManifest, VidetteClient } from '../../client/index.js';
import { ownEnvironment } from '../../config/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { projectFile } from '../../platform/package-root.js';
import { CLIP_KINDS, makeClip, SIZE } from '../support/clips.js';
import { collect } from '../support/collect.js';
import { publishSpotModel } from '../support/publish-models.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const NAME = 'datasets-fish';
const EVENT = 'datasets-job';
/** No other test gives feedback on results of it. */
const MODEL = 'datasets-spots';
const TROUT = { class: 'форель', box: [10.5, 20, 30.25, 40] as const };
const FRAMES = [0, 20, 40];
const DISPUTED = 60;

type Built = DatasetManifest & { readonly created: boolean };

let stack: SharedConnection;
let client: VidetteClient;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  await publishSpotModel(stack, 'spots', MODEL);
  const kind = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;
  const path = join(stack.folder, `clip.${kind.extension}`);
  await makeClip(kind, path);
  await stack.putVideo('datasets-clip', path);
  await stack.run({
    ...{ video_id: 'datasets-clip', event_id: EVENT, model: MODEL },
    ...{ every: 20, frames: 'packed' },
  });
  for (const frame_id of FRAMES) await correct({ frame_id, objects: [TROUT] });
  await correct({ frame_id: DISPUTED, objects: [], by: 'ann' });
  await correct({ frame_id: DISPUTED, objects: [TROUT], by: 'bob' });
});
afterAll(() => stack?.close());

const correct = (correction: Parameters<VidetteClient['addFrameFeedback']>[1]) =>
  client.addFrameFeedback(EVENT, correction);
const route = (path: string) => `${stack.apiUrl}/api/v1/datasets/${path}`;

async function build(body: object): Promise<{ readonly status: number; readonly built: Built }> {
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(route(NAME), request);
  return { status: response.status, built: (await response.json()) as Built };
}

async function importZip(data: Blob): Promise<unknown> {
  const body = new FormData();
  body.append('file', data, 'import.zip');
  const response = await fetch(route(`${NAME}/import`), { method: 'POST', body });
  return response.json();
}

const exported = async (spec: string, format: string) =>
  (await fetch(route(`${spec}/export?format=${format}`))).blob();

async function cli(...args: readonly string[]): Promise<unknown> {
  const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
  const command = [projectFile('dist/cli/main.js'), 'datasets', ...args, '--json'];
  const { stdout } = await execa(process.execPath, command, { env, stdin: 'ignore' });
  return JSON.parse(stdout);
}

it('makes a data set of corrected frames, which it exports, imports and builds again', async () => {
  const { status, built } = await build({ task: 'detect', model: MODEL });
  expect([status, built.created, built.version, built.labels]).toEqual([201, true, 1, ['форель']]);
  expect(built.left_out).toMatchObject({
    by_reason: { disagreement: 1 },
    items: [{ source: { event_id: EVENT, frame_id: DISPUTED }, people: ['ann', 'bob'] }],
  });
  const items = await collect(client.datasets.items(built));
  expect(items).toHaveLength(FRAMES.length);
  expect(new Set(items.map(({ group }) => group))).toEqual(new Set(['datasets-clip']));
  expect(items[0]).toMatchObject({ objects: [TROUT], picture: SIZE });
  const counts = built.counts[items[0]!.split];
  expect(counts).toEqual({ images: 3, objects: 3, classes: { форель: 3 } });
  for (const { picture: image } of items) {
    expect(await stack.objects.stat(BUCKETS.pictures, keys.image(image.sha256))).toBeDefined();
  }

  expect(await build({})).toMatchObject({ status: 200, built: { created: false, version: 1 } });
  for (const format of ['coco', 'yolo']) {
    const unchanged = { imported: 0, unchanged: 3, skipped: 0, skipped_images: [] };
    expect(await importZip(await exported(`${NAME}@1`, format))).toEqual(unchanged);
  }

  expect(await importZip(await corrected(items[0]!))).toMatchObject({ imported: 1, skipped: 1 });
  const second = (await build({})).built;
  expect(second).toMatchObject({ version: 2, labels: ['форель', 'щука'], parent: { version: 1 } });
  const changed = (await collect(client.datasets.items(second))).find(
    ({ picture: image }) => image.sha256 === items[0]!.picture.sha256,
  );
  expect(changed).toMatchObject({ split: items[0]!.split, objects: [{ class: 'щука' }] });
  expect(changed?.source).toHaveProperty('import');

  const versions = (await cli('list', NAME)) as Built[];
  expect(versions.map(({ version }) => version)).toEqual([2, 1]);
  expect(await cli('show', NAME)).toEqual(await client.datasets.get(`${NAME}@2`));
  expect(await cli('build', NAME)).toMatchObject({ created: false, version: 2 });
  const path = join(stack.folder, 'export.zip');
  await cli('export', `${NAME}@1`, '--format', 'yolo', '--out', path);
  const other = `${NAME}-other`;
  expect(await cli('import', other, path)).toMatchObject({ imported: 3, skipped: 0 });
  expect(await cli('import', other, path)).toMatchObject({ imported: 0, unchanged: 3 });
});

it('erases an image of data sets if it is forced, which their exports leave out', async () => {
  const name = `${NAME}-erased`;
  const built = await client.datasets.build(name, { task: 'detect', model: MODEL });
  const [first] = await collect(client.datasets.items(built.manifest));
  const { sha256 } = first!.picture;
  const imageUrl = (query = '') => `${stack.apiUrl}/api/v1/pictures/${sha256}${query}`;
  const refused = await fetch(imageUrl(), { method: 'DELETE' });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({
    type: '/problems/image-in-use',
    detail: expect.stringContaining(`${name}@1`) as string,
  });
  const zipped = `${name}@1/export?format=jsonl`;
  const etag = (await fetch(route(zipped))).headers.get('etag')!;
  const erased = await fetch(imageUrl('?force=true'), { method: 'DELETE' });
  expect([erased.status, await erased.json()]).toMatchObject([200, { sha256, models: [] }]);
  expect((await fetch(imageUrl())).status).toBe(404);
  const again = await fetch(route(zipped), { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(200);
  const text = Buffer.from(await again.arrayBuffer()).toString('latin1');
  expect(text).toContain(`{"sha256":"${sha256}","split":"${first!.split}","reason":"erased"`);
  expect(text).not.toContain(`${sha256}.jpg`);
  const next = await client.datasets.build(name);
  expect(next).toMatchObject({ created: true, left_out: { by_reason: { erased: 1 } } });
  const other = (await collect(client.datasets.items(next.manifest)))[0]!.picture.sha256;
  const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
  const command = [projectFile('dist/cli/main.js'), 'rm', '--image', other, '--force'];
  const { stdout } = await execa(process.execPath, command, { env, stdin: 'ignore' });
  expect(stdout).toContain(`Deleted ${other}. It was in the data sets`);
});

/** A COCO zip in which the object of an image has another class, with an image that is not stored. */
async function corrected({ picture: image, objects = [] }: DatasetItem): Promise<Blob> {
  const [x, y, xMax, yMax] = objects[0]!.box;
  const coco = {
    images: [
      { id: 1, file_name: `${image.sha256}.jpg` },
      { id: 2, file_name: `${'0'.repeat(64)}.jpg` },
    ],
    annotations: [{ image_id: 1, category_id: 1, bbox: [x, y, xMax - x, yMax - y] }],
    categories: [{ id: 1, name: 'щука' }],
  };
  const files = [{ name: 'annotations/person.json', input: JSON.stringify(coco) }];
  return new Blob([await new Response(makeZip(files)).arrayBuffer()]);
}

it('reports data sets and formats that do not exist', async () => {
  expect((await fetch(route('datasets-none@1'))).status).toBe(404);
  expect((await fetch(route('datasets-none/export?format=coco'))).status).toBe(404);
  const zip = makeZip([{ name: 'readme.txt', input: 'x' }]);
  const body = new Blob([await new Response(zip).arrayBuffer()]);
  expect(await importZip(body)).toMatchObject({ status: 400 });
});

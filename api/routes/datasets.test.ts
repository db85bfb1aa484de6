import { Readable } from 'node:stream';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Datasets, ImportReport, VidetteClient } from '../../client/index.js';
import { createApiKey } from '../../domain/api-key.js';
import { AppError } from '../../domain/errors.js';
import { sha256 } from '../../domain/hash.js';
import { datasetDraft } from '../../test/support/dataset-items.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { DATASETS } from './paths.js';

const manifest = { ...datasetDraft('fish'), version: 3, sha256: sha256('content') };
const left_out = { count: 1, by_reason: { disagreement: 1 }, items: [] };
const report: ImportReport = { imported: 1, unchanged: 2, skipped: 0, skipped_images: [] };

let api: ListeningApi;
let created: boolean;
let calls: unknown[];
beforeEach(() => {
  [created, calls] = [true, []];
});
afterEach(() => api.server.close());

const datasets: Datasets = {
  build: (name, request) => {
    calls.push([name, request]);
    return Promise.resolve({ manifest, created, left_out });
  },
  list: () => Promise.resolve([manifest]),
  versions: (name) => Promise.resolve([{ ...manifest, name }]),
  get: (spec) =>
    spec.startsWith('fish')
      ? Promise.resolve(manifest)
      : Promise.reject(new AppError('DATASET_NOT_FOUND', `Data set ${spec} does not exist.`)),
  items: () => Readable.from([]),
  exportStream: (spec, format) => Promise.resolve(Readable.from([`${spec} as ${format}`])),
  import: async (name, path, options) => {
    calls.push([name, await readFile(path, 'utf8'), options?.by]);
    return report;
  },
};

const created_key = {
  name: 'ann',
  scopes: ['read' as const, 'write' as const],
  rate_per_minute: 99,
};
const { key, stored } = createApiKey(created_key, new Date());
const headers = { authorization: `Bearer ${key}` };

async function start(variables: Readonly<Record<string, string>> = {}): Promise<void> {
  const client = { datasets } as VidetteClient; // the part that the routes use
  const settings = { VIDETTE_API_AUTH: 'keys', ...variables };
  api = await listen(settings, [stored], undefined, undefined, { client });
}

const post = (path: string, body: object) => {
  const json = { ...headers, 'content-type': 'application/json' };
  return api.ask(`${DATASETS}/${path}`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(body),
  });
};

describe('a data set', () => {
  it('is built by the name of the key, and is the same version without changes', async () => {
    await start();
    const answer = await post('fish', { task: 'classify', model: null });
    expect(answer).toMatchObject({ status: 201, headers: { location: `${DATASETS}/fish@3` } });
    expect(JSON.parse(answer.body)).toEqual({ ...manifest, left_out, created: true });
    expect(calls).toEqual([['fish', { task: 'classify', model: null, by: 'ann' }]]);
    created = false;
    expect((await post('fish', {})).status).toBe(200);
  });

  it.each([
    ['fish', { task: 'segment' }, 400],
    ['fish', { model: 'a@latest' }, 400],
    ['fish', { since: 'yesterday' }, 400],
    ['fi.sh', {}, 400],
  ])('%s with %j is answered with %i', async (name, body, status) => {
    await start();
    expect((await post(name, body)).status).toBe(status);
    expect(calls).toEqual([]);
  });

  it('is listed, and read by its version', async () => {
    await start();
    const { left_out: _, ...listed } = manifest;
    for (const path of [DATASETS, `${DATASETS}?name=fish`]) {
      const { body } = await api.ask(path, { headers });
      expect(JSON.parse(body)).toEqual({ datasets: [listed] });
    }
    const read = await api.ask(`${DATASETS}/fish@3`, { headers });
    expect(JSON.parse(read.body)).toEqual(manifest);
    expect((await api.ask(`${DATASETS}/cars@1`, { headers })).status).toBe(404);
    expect((await api.ask(`${DATASETS}/fish@x`, { headers })).status).toBe(400);
  });

  it('is exported as a zip, which a caller need not read twice', async () => {
    await start();
    const path = `${DATASETS}/fish/export?format=coco`;
    const sent = await api.ask(path, { headers });
    expect(sent).toMatchObject({ status: 200, body: 'fish@3 as coco' });
    expect(sent.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="fish-3.coco.zip"',
    });
    const match = { 'if-none-match': String(sent.headers['etag']) };
    expect((await api.ask(path, { headers: { ...headers, ...match } })).status).toBe(304);
    expect((await api.ask(`${DATASETS}/fish/export?format=csv`, { headers })).status).toBe(400);
  });
});

describe('an import', () => {
  const form = (content: string) => ({
    method: 'POST',
    headers: { ...headers, 'content-type': 'multipart/form-data; boundary=b' },
    body: `--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n${content}\r\n--b--\r\n`,
  });

  it('is sent as a form', async () => {
    await start();
    const answer = await api.ask(`${DATASETS}/fish/import`, form('zip'));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual(report);
    expect(calls).toEqual([['fish', 'zip', 'ann']]);
  });

  it('is refused above the limit of uploads', async () => {
    await start({ VIDETTE_MAX_UPLOAD_GB: '0.000001' });
    const answer = await api.ask(`${DATASETS}/fish/import`, form('x'.repeat(2000)));
    expect(answer.status).toBe(413);
    expect(calls).toEqual([]);
  });
});

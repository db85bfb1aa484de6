import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOXES, DATA_FILE_MODEL } from '../../test/support/data-file-model.js';
import { fetchModel } from './fetch-model.js';

const ALL_BYTES = Object.values(DATA_FILE_MODEL.files)
  .map((text) => Buffer.from(text, 'base64').length)
  .reduce((sum, bytes) => sum + bytes, 0);

let folder: string;
let server: Server;
let asked: string[];
let served: Map<string, Buffer>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-fetch-'));
  asked = [];
  served = new Map(
    Object.entries(DATA_FILE_MODEL.files).map(([name, text]) => [
      `/some/${name}`,
      Buffer.from(text, 'base64'),
    ]),
  );
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const content = served.get(decodeURIComponent(url.replace(/\?.*/, '')));
    response.writeHead(content ? 200 : 404).end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const address = () =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/model.onnx?token=1`; // it listens on a port

async function fetched(maxBytes = ALL_BYTES, url = address()): Promise<string> {
  const config = { download: { maxBytes, allowPrivateAddresses: true } };
  const target = join(folder, 'target');
  await mkdir(target);
  return fetchModel(url, { config, folder: target, onStep: () => undefined });
}

it('downloads data files relative to the model, without its query', async () => {
  const path = await fetched();
  for (const [name, text] of Object.entries(DATA_FILE_MODEL.files)) {
    const copy = await readFile(join(dirname(path), name));
    expect(copy.toString('base64')).toBe(text);
  }
  expect(asked).toEqual([
    '/some/model.onnx?token=1',
    '/some/data/boxes.bin',
    '/some/first%20class.bin',
    '/some/second_class.bin',
  ]);
});

it('downloads a Keras file under its name', async () => {
  served.set('/some/fish (v2).keras', Buffer.from('PK'));
  const url = address().replace('model.onnx', encodeURIComponent('fish (v2).keras'));
  const path = await fetched(ALL_BYTES, url);
  expect(basename(path)).toBe('fish-v2.keras');
  expect((await readFile(path)).toString()).toBe('PK');
});

it('names a data file that does not exist', async () => {
  served.delete(`/some/${BOXES}`);
  const rejected = fetched();
  await expect(rejected).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
  await expect(rejected).rejects.toThrow(
    /"data\/boxes\.bin" of the model could not be downloaded: .*answered 404/,
  );
});

it('applies the size limit to the sum of all files', async () => {
  await expect(fetched(ALL_BYTES - 1)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
});

it('requests nothing outside the folder of the model', async () => {
  const model = served.get('/some/model.onnx')!;
  const from = Buffer.from(BOXES);
  const at = model.indexOf(from);
  Buffer.from('../../boxes.bi'.slice(0, from.length)).copy(model, at);
  await expect(fetched()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  expect(asked).toHaveLength(1);
});

import { execa } from 'execa';
import { expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url);
const STORE = {
  endpoint: 'http://127.0.0.1:9000',
  accessKey: 'user',
  secretKey: 'secret',
  region: 'us-east-1',
};

/** What a module of the package gives to Node, as a user of the package imports it. */
async function inNode(script: string): Promise<unknown> {
  const node = ['--input-type=module', '--eval', script];
  const { stdout } = await execa(process.execPath, node, { cwd: ROOT });
  return JSON.parse(stdout);
}

it.each([
  ['vidette', ['AppError', 'ERROR_CODES', 'createVidetteClient']],
  [
    'vidette/stores',
    ['createDatasetStore', 'createDocumentStore', 'createModelRegistry', 'createObjectStore'],
  ],
])('the package gives %s', async (name, expected) => {
  const script = `console.log(JSON.stringify(Object.keys(await import('${name}'))))`;
  expect(await inNode(script)).toEqual(expect.arrayContaining(expected));
});

it('a client is made of the stores that the package gives', async () => {
  const script = `
    import { createVidetteClient } from 'vidette';
    import { createModelRegistry, createObjectStore } from 'vidette/stores';
    const objects = createObjectStore(${JSON.stringify(STORE)});
    const models = createModelRegistry(objects);
    const client = createVidetteClient({ temporal: {}, documents: {}, objects, models });
    console.log(JSON.stringify(Object.keys(client)));
  `;
  expect(await inNode(script)).toEqual(expect.arrayContaining(['submit', 'status', 'result']));
});

it('nothing else of the package can be imported', async () => {
  const script = `await import('vidette/dist/config/index.js')`;
  await expect(inNode(script)).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

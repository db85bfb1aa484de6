import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectClient } from '../../adapters/temporal/connection.js';
import {
  ensureSearchAttributes,
  missingSearchAttributes,
} from '../../adapters/temporal/search-attributes.js';
import { readConfig } from '../../config/index.js';
import { ALL_SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { startServers } from '../../stack/index.js';
import { createFakeStack, type FakeStack } from './fake-stack.js';

let stack: FakeStack;
beforeEach(async () => {
  stack = await createFakeStack();
});
afterEach(() => stack.remove());

const NAMESPACE = 'default';
const FIRST = ['EventId', 'VideoId', 'JobStatus', 'ModelName'];
type Connected = Awaited<ReturnType<typeof connectClient>>;

/** Runs `work` on Temporal with the database of the stack's folder. */
async function onTemporal<T>(work: (connection: Connected['connection']) => Promise<T>) {
  const servers = await startServers(stack.options);
  try {
    const { connection } = await connectClient(readConfig(servers.settings).temporal);
    return await work(connection).finally(() => connection.close());
  } finally {
    await servers.stop();
  }
}

test('a database of a version with fewer search attributes gets the others', async () => {
  const added = ALL_SEARCH_ATTRIBUTES.filter(({ name }) => !FIRST.includes(name));
  const searchAttributes = added.map(({ name }) => name);
  await onTemporal(({ operatorService }) =>
    operatorService.removeSearchAttributes({ searchAttributes, namespace: NAMESPACE }),
  );
  const missing = await onTemporal(async (connection) => {
    const before = await missingSearchAttributes(connection, NAMESPACE);
    await ensureSearchAttributes(connection, NAMESPACE);
    return before;
  });
  expect(missing).toEqual(added);
  const left = await onTemporal((connection) => missingSearchAttributes(connection, NAMESPACE));
  expect(left).toEqual([]);
}, 180_000);

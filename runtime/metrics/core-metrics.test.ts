import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installCoreMetrics } from './core-metrics.js';

// The SDK has one runtime per process, which other test files use as well.
const reset = () => Runtime.instance().shutdown();
beforeEach(reset);
afterEach(reset);

const silent = pino({ level: 'silent' });

/** Listens on a free port of loopback until `close`. */
async function takePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => void server.close() };
}

it('uses another port if the first one is taken', async () => {
  const taken = await takePort();
  const free = await takePort();
  free.close();
  const ports = [taken.port, free.port];
  const read = await installCoreMetrics(silent, () => Promise.resolve(ports.shift()!));
  const response = await fetch(`http://127.0.0.1:${free.port}/metrics`);
  expect([response.status, await read()]).toEqual([200, await response.text()]);
  taken.close();
});

it('starts without metrics if all ports are taken', async () => {
  const taken = await takePort();
  const read = await installCoreMetrics(silent, () => Promise.resolve(taken.port));
  expect(await read()).toBe('');
  taken.close();
});

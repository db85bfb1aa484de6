import { once } from 'node:events';
import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { connectClient } from './connection.js';

const UNIMPLEMENTED = { code: 12, text: 'unknown method' };
const NAMESPACE_MISSING = { code: 5, text: 'Namespace default is not found.' };
const RUN_MISSING = { code: 5, text: 'workflow not found for ID: job' };
type Status = typeof UNIMPLEMENTED;

let server: Http2Server | undefined;
afterEach(() => server?.close());

/** Connects to a server that answers calls with errors: the given ones in turn, then the last. */
async function connectTo(...statuses: readonly Status[]) {
  const methods: string[] = [];
  server = createServer().on('stream', (stream, { ':path': path = '' }) => {
    const isGreeting = path.endsWith('/GetSystemInfo');
    if (!isGreeting) methods.push(path.split('/').at(-1)!);
    const status = statuses[Math.min(methods.length, statuses.length) - 1];
    const { code, text } = isGreeting ? UNIMPLEMENTED : status!;
    const headers = { 'content-type': 'application/grpc', 'grpc-status': `${code}` };
    stream.respond({ ...headers, 'grpc-message': text }, { endStream: true });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  const connected = await connectClient({
    ...{ address: `127.0.0.1:${port}`, namespace: 'default', apiKey: undefined, tls: undefined },
    ...{ clientCertPath: undefined, clientKeyPath: undefined, serverCaPath: undefined },
    ...{ serverName: undefined, payloadKeys: undefined, payloadKeysFile: undefined },
  });
  return { ...connected, methods };
}

it('repeats a call whose namespace the server does not find', async () => {
  const { client, connection, methods } = await connectTo(
    NAMESPACE_MISSING,
    NAMESPACE_MISSING,
    RUN_MISSING,
  );
  const described = client.workflow.getHandle('job').describe();
  await expect(described).rejects.toThrow(RUN_MISSING.text);
  expect(methods).toHaveLength(3);
  await connection.close();
});

it('reports a namespace that stays missing', async () => {
  const { client, connection, methods } = await connectTo(NAMESPACE_MISSING);
  const described = client.workflow.getHandle('job').describe();
  await expect(described).rejects.toThrow(/namespace/i);
  expect(methods).toHaveLength(6);
  await connection.close();
});

it('does not repeat a lookup of a namespace', async () => {
  const { connection, methods } = await connectTo(NAMESPACE_MISSING);
  const found = connection.workflowService.describeNamespace({ namespace: 'default' });
  await expect(found).rejects.toMatchObject({ code: NAMESPACE_MISSING.code });
  expect(methods).toEqual(['DescribeNamespace']);
  await connection.close();
});

import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestCameras, unitPacket } from '../../test/support/rtsp-camera.js';
import { makeAuthority, serverOptions, type TestAuthority } from '../../test/support/tls.js';
import { parseFingerprint } from './camera-tls.js';

const cameras = createTestCameras();
afterEach(cameras.closeAll);

let folder: string;
let authority: TestAuthority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-rtsps-'));
  authority = await makeAuthority(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const serveTls = async () => cameras.serve({ tls: await serverOptions(authority) });
const fingerprint = async () =>
  new X509Certificate(await readFile(authority.server.cert)).fingerprint256;
/** Marks that separate the bytes of a fingerprint are optional. */
const plain = (text: string) => text.replaceAll(':', '');

describe('an rtsps camera', () => {
  it.each([(text: string) => text, (text: string) => plain(text).toLowerCase()])(
    'is read if its certificate has the fingerprint',
    async (written) => {
      const server = await serveTls();
      const { units } = await cameras.open(server.url, {
        fingerprint: written(await fingerprint()),
      });
      server.sendRtp(unitPacket(1));
      await expect.poll(() => units).toHaveLength(1);
      expect(server.requests[0]).toMatchObject({ method: 'DESCRIBE', url: server.url });
    },
  );

  it('is sent nothing if its certificate has another fingerprint', async () => {
    const server = await serveTls();
    const failure = cameras.open(server.url, { fingerprint: 'ab'.repeat(32) });
    await expect(failure).rejects.toMatchObject({ code: 'STREAM_TLS' });
    await expect(failure).rejects.toThrow('does not have the configured fingerprint');
    expect(server.requests).toEqual([]);
    await expect.poll(server.connections).toBe(0);
  });

  it('is sent nothing if the system does not trust it, and its fingerprint is shown', async () => {
    const server = await serveTls();
    const failure = cameras.open(server.url);
    await expect(failure).rejects.toMatchObject({ code: 'STREAM_TLS' });
    await expect(failure).rejects.toThrow('is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)');
    await expect(failure).rejects.toThrow(plain(await fingerprint()));
    expect(server.requests).toEqual([]);
    await expect.poll(server.connections).toBe(0);
  });

  it('is not contacted with an invalid fingerprint', async () => {
    const server = await serveTls();
    const failure = cameras.open(server.url, { fingerprint: 'ab' });
    await expect(failure).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(server.connections()).toBe(0);
  });

  it('fails with a typed error if the port does not speak TLS', async () => {
    const server = await cameras.serve({ reply: () => 'none' });
    const failure = cameras.open(server.url.replace('rtsp:', 'rtsps:'), { timeoutMs: 2000 });
    await expect(failure).rejects.toMatchObject({
      code: expect.stringMatching(/^STREAM_(TLS|TIMEOUT)$/) as string,
    });
  });
});

describe('parseFingerprint', () => {
  it.each(['', 'ab', 'g'.repeat(64), 'ab'.repeat(33)])('rejects %j', (text) => {
    expect(() => parseFingerprint(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

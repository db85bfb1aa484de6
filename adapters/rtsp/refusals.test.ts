import { afterEach, describe, expect, it } from 'vitest';
import { startListener } from '../../test/support/listener.js';
import { rtpPacket } from '../../test/support/rtp-packets.js';
import { createTestCameras } from '../../test/support/rtsp-camera.js';
import { H264_SDP, type Reply, type TestRtspServer } from '../../test/support/rtsp-server.js';

const cameras = createTestCameras();
afterEach(cameras.closeAll);

const SECRETS = ['planted-user', 'planted-password', 'planted-path', 'planted-query'];
/** A URL whose every secret is planted. */
function secretUrl({ host }: Pick<TestRtspServer, 'host'>): string {
  return `rtsp://planted-user:planted-password@${host}/planted-path?q=planted-query`;
}

/** Everything that a log could print of an error. */
function printed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)));
  return [...own, JSON.stringify(error), printed(error.cause)].join('\n');
}

/** Opens a camera whose server repeats the URL in all of its texts, and returns the error. */
async function failureOf(method: string, reply: Reply): Promise<{ code: string; message: string }> {
  const server = await cameras.serve({
    reply: (request) => (request.method === method ? reply : undefined),
  });
  const error: unknown = await cameras.open(secretUrl(server), { timeoutMs: 1500 }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  for (const secret of SECRETS) expect(printed(error)).not.toContain(secret);
  expect(printed(error)).toContain(`rtsp://${server.host}`);
  await expect.poll(server.connections).toBe(0);
  return error as { code: string; message: string }; // checked above
}

const ECHO = 'planted-user planted-password /planted-path?planted-query';
const answer = (status: number): Reply => ({
  status: `${status} ${ECHO}`,
  headers: [`X-Echo: ${ECHO}`],
  body: ECHO,
});
const sdp = (body: string): Reply => ({ body });
const UDP: Reply = { headers: ['Transport: RTP/AVP;unicast;client_port=1-2'] };
const OTHER_CODEC = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 planted-path/90000\r\n';

describe('a camera that refuses', () => {
  it.each([
    ['DESCRIBE with 401', 'STREAM_AUTH_FAILED', 'rejected the user name', 'DESCRIBE', answer(401)],
    ['DESCRIBE with 403', 'STREAM_AUTH_FAILED', '(403)', 'DESCRIBE', answer(403)],
    ['DESCRIBE with 404', 'STREAM_NOT_FOUND', 'no stream at this path', 'DESCRIBE', answer(404)],
    ['DESCRIBE with 500', 'STREAM_CONNECTION_FAILED', 'DESCRIBE with 500', 'DESCRIBE', answer(500)],
    ['SETUP with 461', 'STREAM_TRANSPORT_UNSUPPORTED', 'go2rtc', 'SETUP', answer(461)],
    ['SETUP with 453', 'STREAM_CONNECTION_FAILED', 'SETUP with 453', 'SETUP', answer(453)],
    ['PLAY with 455', 'STREAM_CONNECTION_FAILED', 'PLAY with 455', 'PLAY', answer(455)],
    ['TCP', 'STREAM_TRANSPORT_UNSUPPORTED', 'over TCP', 'SETUP', UDP],
    [
      'to offer video',
      'STREAM_NO_VIDEO',
      'offers no video',
      'DESCRIBE',
      sdp('m=audio 0 RTP/AVP 0'),
    ],
    ['to send SDP', 'STREAM_NO_VIDEO', 'offers no video', 'DESCRIBE', sdp(ECHO)],
    ['to send a body', 'STREAM_NO_VIDEO', 'offers no video', 'DESCRIBE', {}],
    ['a known codec', 'STREAM_CODEC_UNSUPPORTED', '(unknown)', 'DESCRIBE', sdp(OTHER_CODEC)],
    ['to answer DESCRIBE', 'STREAM_TIMEOUT', 'within 1500 ms', 'DESCRIBE', 'none'],
    ['to answer PLAY', 'STREAM_TIMEOUT', 'within 1500 ms', 'PLAY', 'none'],
  ] as const)('%s fails with %s', async (_, code, text, method, reply) => {
    const { code: given, message } = await failureOf(method, reply);
    expect(given).toBe(code);
    expect(message).toMatch(/^Failed to open video: rtsp:.*\. .*\.$/);
    expect(message).toContain(text);
  });

  it.each([301, 302, 303, 305, 307])('with %i is not followed', async (status) => {
    const elsewhere = await startListener();
    cameras.onClose(() => elsewhere.close());
    for (const method of ['DESCRIBE', 'SETUP', 'PLAY']) {
      const headers = [`Location: rtsp://${elsewhere.address}/planted-path`];
      const { code } = await failureOf(method, { status: `${status} Moved`, headers });
      expect(code).toBe('STREAM_REDIRECTED');
    }
    expect(elsewhere.visits()).toBe(0);
  });
});

describe('a hostile camera', () => {
  it.each([
    ['a session id that is too long', 'SETUP', { headers: [`Session: ${'a'.repeat(2000)}`] }],
    [
      'a base URL that is too long',
      'DESCRIBE',
      { headers: [`Content-Base: rtsp://${'a'.repeat(2000)}`], body: H264_SDP },
    ],
    [
      'a base URL with spaces',
      'DESCRIBE',
      { headers: ['Content-Base: rtsp://a b'], body: H264_SDP },
    ],
    ['a body that is too long', 'DESCRIBE', { body: 'a'.repeat(70_000) }],
    ['an endless header', 'DESCRIBE', { headers: [`A: ${'a'.repeat(70_000)}`] }],
    ['a control URL with a space', 'DESCRIBE', { body: H264_SDP.replace('trackID=1', 'a b') }],
  ])('that sends %s is left', async (_, method, reply) => {
    expect((await failureOf(method, reply)).code).toBe('STREAM_CONNECTION_FAILED');
  });

  it('gets no response to its requests', async () => {
    const server = await cameras.serve();
    const { stats } = await cameras.open(server.url);
    server.sendRaw('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(1000));
    server.sendRaw('RTSP/1.0 200 OK\r\nCSeq: 999\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.methods()).toEqual(['DESCRIBE', 'SETUP', 'PLAY']);
    expect(stats().units).toBe(0);
  });

  it('ends when a frame is larger than 8 MiB', async () => {
    const server = await cameras.serve();
    const { ended } = await cameras.open(server.url);
    const [start, middle] = [0x80, 0].map((flags) =>
      Buffer.concat([Buffer.from([0x7c, flags | 5]), Buffer.alloc(60_000)]),
    );
    for (let sequence = 0; sequence < 150; sequence++) {
      const payload = sequence === 0 ? start! : middle!;
      server.sendRtp(rtpPacket({ sequence, payload }));
    }
    const error = await ended;
    expect(error?.message).toContain('sent a frame of more than 8 MiB');
  });
});

describe('a camera that cannot be reached', () => {
  it('fails with the code of the system', async () => {
    const server = await cameras.serve();
    server.close();
    const failure = cameras.open(secretUrl(server));
    await expect(failure).rejects.toMatchObject({ code: 'STREAM_CONNECTION_FAILED' });
    await expect(failure).rejects.toThrow(`rtsp://${server.host} cannot be reached (ECONNREFUSED)`);
  });

  it('fails when its name is unknown', async () => {
    const failure = cameras.open('rtsp://camera.invalid/planted-path');
    await expect(failure).rejects.toThrow('rtsp://camera.invalid cannot be reached');
  });

  it('is not contacted outside of the networks of cameras', async () => {
    const listener = await startListener();
    cameras.onClose(() => listener.close());
    const url = secretUrl({ host: listener.address });
    const failure = cameras.open(url, { cameraNetworks: undefined });
    await expect(failure).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    await expect(failure).rejects.toThrow('VIDETTE_CAMERA_NETWORKS');
    await expect(failure).rejects.not.toThrow('planted');
    expect(listener.visits()).toBe(0);
  });

  it('is not contacted if one address of its name is denied', async () => {
    const listener = await startListener();
    cameras.onClose(() => listener.close());
    const [, port] = listener.address.split(':');
    const addresses = ['127.0.0.1', '169.254.7.7'].map((address) => ({ address, family: 4 }));
    const failure = cameras.open(`rtsp://camera.test:${port}/`, {
      lookup: (_hostname, _options, callback) => callback(null, addresses),
    });
    await expect(failure).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    expect(listener.visits()).toBe(0);
  });

  it('is left on abort', async () => {
    const server = await cameras.serve({ reply: () => 'none' });
    const abort = new AbortController();
    const failure = cameras.open(server.url, { signal: abort.signal });
    const failed = expect(failure).rejects.toThrow('stopped');
    await expect.poll(server.methods).toEqual(['DESCRIBE']);
    const begin = performance.now();
    abort.abort(new Error('stopped'));
    await failed;
    expect(performance.now() - begin).toBeLessThan(5000);
    await expect.poll(server.connections).toBe(0);
  });
});

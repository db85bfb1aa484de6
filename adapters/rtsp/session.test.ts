import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestCameras } from '../../test/support/rtsp-camera.js';
import {
  H264_SDP,
  type ReceivedRequest,
  type TestRtspServer,
} from '../../test/support/rtsp-server.js';

const cameras = createTestCameras();
afterEach(cameras.closeAll);
/** Requests that open a camera. */
const OPENING = ['DESCRIBE', 'SETUP', 'PLAY'];

describe('the URLs of an RTSP session', () => {
  const sdpWith = (control: string) => H264_SDP.replace('trackID=1', control);

  it.each([
    [
      'the base and the track',
      'Content-Base: rtsp://cam/a',
      'track1',
      'rtsp://cam/a',
      'rtsp://cam/a/track1',
    ],
    [
      'a base that ends with a slash',
      'Content-Base: rtsp://cam/a/',
      't',
      'rtsp://cam/a/',
      'rtsp://cam/a/t',
    ],
    [
      'a base with a query',
      'Content-Base: rtsp://cam/a?b=c',
      't',
      'rtsp://cam/a?b=c',
      'rtsp://cam/a?b=c/t',
    ],
    ['a location', 'Content-Location: rtsp://cam/b/', 't', 'rtsp://cam/b/', 'rtsp://cam/b/t'],
    [
      'an absolute track',
      'Content-Base: rtsp://cam/a',
      'rtsp://cam/v',
      'rtsp://cam/a',
      'rtsp://cam/v',
    ],
    ['a star', 'Content-Base: rtsp://cam/a', '*', 'rtsp://cam/a', 'rtsp://cam/a'],
  ])('are made of %s', async (_, header, control, session, track) => {
    const reply = { headers: [header], body: sdpWith(control) };
    const server = await cameras.serve({
      reply: ({ method }) => (method === 'DESCRIBE' ? reply : undefined),
    });
    await cameras.open(server.url);
    expect(server.requests.slice(1)).toMatchObject([{ url: track }, { url: session }]);
  });

  it.each([[[]], [['Content-Base: /live/']]])(
    'are made of the requested one without %j',
    async (headers) => {
      const server = await cameras.serve({
        reply: ({ method }) => (method === 'DESCRIBE' ? { headers, body: H264_SDP } : undefined),
      });
      await cameras.open(`rtsp://u:p@${server.host}/live?a=b`);
      const url = `rtsp://${server.host}/live?a=b`;
      expect(server.requests.map((request) => request.url)).toEqual([url, `${url}/trackID=1`, url]);
    },
  );
});

describe('the session of an RTSP camera', () => {
  const withTimeout = (seconds: number, status?: string) => (request: ReceivedRequest) => {
    if (request.method === 'SETUP') {
      return {
        headers: [`Session: a;timeout=${seconds}`, 'Transport: RTP/AVP/TCP;interleaved=0-1'],
      };
    }
    return request.method === 'GET_PARAMETER' && status !== undefined ? { status } : undefined;
  };
  const kept = (server: TestRtspServer) => server.requests.slice(OPENING.length);

  it('is kept alive after 0.4 of its timeout', async () => {
    const setTimer = vi.spyOn(globalThis, 'setInterval');
    cameras.onClose(() => setTimer.mockRestore());
    const server = await cameras.serve({ reply: withTimeout(3) });
    await cameras.open(server.url);
    expect(setTimer.mock.calls.map(([, ms]) => ms)).toContain(1200);
    await expect
      .poll(() => kept(server))
      .toMatchObject([
        { method: 'GET_PARAMETER', url: `${server.url}/`, headers: { session: 'a' } },
      ]);
  });

  it.each([
    [0, 1000],
    [999_999_999, 60_000],
  ])('is kept alive at a sane interval for a timeout of %i s', async (timeoutS, expected) => {
    const setTimer = vi.spyOn(globalThis, 'setInterval');
    cameras.onClose(() => setTimer.mockRestore());
    const server = await cameras.serve({ reply: withTimeout(timeoutS) });
    await cameras.open(server.url);
    expect(setTimer.mock.calls.map(([, ms]) => ms)).toContain(expected);
  });

  it('is kept alive by OPTIONS if the server does not know GET_PARAMETER', async () => {
    const server = await cameras.serve({ reply: withTimeout(1, '501 Not Implemented') });
    await cameras.open(server.url);
    await expect
      .poll(() => kept(server).map(({ method }) => method))
      .toEqual(['GET_PARAMETER', 'OPTIONS']);
  });

  it('ends when the server has forgotten it', async () => {
    const server = await cameras.serve({ reply: withTimeout(1, '454 Session Not Found') });
    const error = await (await cameras.open(server.url)).ended;
    expect(error).toMatchObject({ code: 'STREAM_CONNECTION_FAILED' });
    expect(error?.message).toContain('ended the session');
  });
});

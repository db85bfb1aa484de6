import { afterEach, describe, expect, it, vi } from 'vitest';
import { h264Fragments, interleaved, senderReport } from '../../test/support/rtp-packets.js';
import { createTestCameras, IDR, unitPacket } from '../../test/support/rtsp-camera.js';
import { H264_SDP, type TestRtspServer } from '../../test/support/rtsp-server.js';

const cameras = createTestCameras();
afterEach(cameras.closeAll);
const PARAMETER_SETS = ['Z0IAHg==', 'aM48gA=='].map((text) => Buffer.from(text, 'base64'));

describe('an RTSP camera', () => {
  it('is opened for its video alone, and gives its access units', async () => {
    const server = await cameras.serve();
    const { track, units, stats } = await cameras.open(server.url);
    expect(track).toMatchObject({ codec: 'h264', control: 'trackID=1' });
    expect(server.requests).toMatchObject([
      { method: 'DESCRIBE', url: server.url, headers: { accept: 'application/sdp' } },
      {
        method: 'SETUP',
        url: `${server.url}/trackID=1`,
        headers: { transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' },
      },
      { method: 'PLAY', url: `${server.url}/`, headers: { session: '12345678' } },
    ]);
    server.sendRtcp(senderReport(1_000_000, 0));
    const fragments = h264Fragments(IDR, 100);
    for (const [index, payload] of fragments.entries()) {
      const isLast = index === fragments.length - 1;
      server.sendRtp(unitPacket(index, { timestamp: 90_000, marker: isLast, payload }));
    }
    await expect
      .poll(() => units)
      .toMatchObject([{ ts: 90_000, key: true, damaged: false, cameraTime: 1_001_000 }]);
    expect(units[0]!.nals).toEqual([...PARAMETER_SETS, IDR]);
    expect(Math.abs(units[0]!.arrival - Date.now())).toBeLessThan(60_000);
    expect(stats()).toMatchObject({ packets: fragments.length, units: 1, keyframes: 1, lost: 0 });
  });

  it('misses no packet that arrives with the response to PLAY', async () => {
    const server = await cameras.serve({
      reply: ({ method }) => {
        if (method !== 'PLAY') return undefined;
        server.sendRtp(unitPacket(1));
        return {};
      },
    });
    const { units } = await cameras.open(server.url);
    await expect.poll(() => units).toHaveLength(1);
  });

  it('reads a server that leaves out CSeq, Session and Transport', async () => {
    const server = await cameras.serve({
      reply: ({ method }) => ({ hasId: false, body: method === 'DESCRIBE' ? H264_SDP : '' }),
    });
    const { units } = await cameras.open(server.url);
    server.sendRtp(unitPacket(1));
    await expect.poll(() => units).toHaveLength(1);
    expect(server.requests.at(-1)!.headers).not.toHaveProperty('session');
  });

  it.each([
    ['6-7', 6, 7],
    ['4-9', 4, 9],
    ['2', 2, 3],
  ])('reads the channels %s that the server chooses', async (channels, rtp, rtcp) => {
    const headers = [`Transport: RTP/AVP/TCP;unicast;interleaved=${channels}`, 'Session: 1'];
    const server = await cameras.serve({
      reply: ({ method }) => (method === 'SETUP' ? { headers } : undefined),
    });
    const { units } = await cameras.open(server.url);
    server.sendRtp(unitPacket(1));
    server.sendRaw(interleaved(rtcp, senderReport(1_000_000, 6000)));
    server.sendRaw(interleaved(rtp, unitPacket(2)));
    await expect.poll(() => units).toMatchObject([{ ts: 6000, cameraTime: 1_000_000 }]);
  });

  it('is closed with TEARDOWN, and then ended without a reason', async () => {
    const server = await cameras.serve();
    const { close, ended } = await cameras.open(server.url);
    await close();
    expect(await ended).toBeUndefined();
    expect(server.requests.at(-1)).toMatchObject({
      method: 'TEARDOWN',
      url: `${server.url}/`,
      headers: { session: '12345678' },
    });
    await expect.poll(server.connections).toBe(0);
  });

  it('is ended without a reason although the camera closes first, and leaves no timer', async () => {
    const set = vi.spyOn(globalThis, 'setInterval');
    const cleared = vi.spyOn(globalThis, 'clearInterval');
    cameras.onClose(() => vi.restoreAllMocks());
    const server = await cameras.serve({
      reply: ({ method }) => {
        if (method !== 'TEARDOWN') return undefined;
        server.dropClients();
        return 'none';
      },
    });
    const { close, ended } = await cameras.open(server.url);
    const timers = set.mock.results.map(({ value }) => value as NodeJS.Timeout);
    expect(timers.length).toBeGreaterThanOrEqual(2);
    await close();
    expect(await ended).toBeUndefined();
    const stopped = cleared.mock.calls.map(([timer]) => timer);
    expect(timers.filter((timer) => !stopped.includes(timer))).toEqual([]);
  });

  it('is closed although the camera does not answer TEARDOWN', async () => {
    const server = await cameras.serve({
      reply: ({ method }) => (method === 'TEARDOWN' ? 'none' : undefined),
    });
    const { close, ended } = await cameras.open(server.url);
    await close();
    expect(await ended).toBeUndefined();
    await expect.poll(server.connections).toBe(0);
  });

  it.each([
    [
      'the connection closes',
      (server: TestRtspServer) => server.dropClients(),
      'CONNECTION_FAILED',
      'closed the connection',
    ],
    [
      'bytes are not RTSP',
      (server: TestRtspServer) => server.sendRaw('garbage'),
      'CONNECTION_FAILED',
      'not RTSP',
    ],
    [
      'the server redirects',
      (server: TestRtspServer) =>
        server.sendRaw('REDIRECT * RTSP/1.0\r\nLocation: rtsp://127.0.0.1:1/\r\n\r\n'),
      'REDIRECTED',
      'is not followed',
    ],
  ])('ends when %s', async (_, act, code, text) => {
    const server = await cameras.serve();
    const { ended } = await cameras.open(server.url);
    act(server);
    const error = await ended;
    expect(error).toMatchObject({ code: `STREAM_${code}` });
    expect(error?.message).toContain(text);
    await expect.poll(server.connections).toBe(0);
  });

  it('ends when it sends no video, although reports and responses arrive', async () => {
    const server = await cameras.serve();
    const { ended, units } = await cameras.open(server.url, { silenceMs: 400 });
    server.sendRtp(unitPacket(1));
    await expect.poll(() => units).toHaveLength(1);
    const timer = setInterval(() => server.sendRtcp(senderReport(1000, 0)), 20);
    cameras.onClose(() => clearInterval(timer));
    const error = await ended;
    expect(error).toMatchObject({ code: 'STREAM_TIMEOUT' });
    expect(error?.message).toContain(`rtsp://${server.host} sent no video for 400 ms`);
  });

  it('does not end while video arrives', async () => {
    const server = await cameras.serve();
    const { ended } = await cameras.open(server.url, { silenceMs: 500 });
    let sequence = 0;
    const timer = setInterval(() => server.sendRtp(unitPacket(sequence++)), 20);
    cameras.onClose(() => clearInterval(timer));
    const silence = new Promise((resolve) => setTimeout(resolve, 1500, 'live'));
    expect(await Promise.race([ended, silence])).toBe('live');
  });
});

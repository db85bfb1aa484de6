import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { CAMERA_SECRET, startHttpCamera, stopHttpCameras } from '../../test/support/http-camera.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import { openHttpCamera } from './http-camera.js';

const { signal } = new AbortController();
const JPEG = Buffer.from('ffd8ff0102ffd9', 'hex');

afterEach(stopHttpCameras);

const open = (url: CameraUrl, options = {}) => {
  const networks = { cameraNetworks: ['127.0.0.1'] };
  const settings = { fps: 20, ...networks, ...options };
  return openHttpCamera(url, settings, signal);
};
async function readAll(camera: Awaited<ReturnType<typeof open>>) {
  if (camera.kind !== 'units') throw new Error(`Expected units, received ${camera.format}`);
  return (await collect(camera.units)).map(({ data }) => data);
}

describe('an HTTP camera', () => {
  it('is read as MJPEG until it closes the stream', async () => {
    const url = await startHttpCamera((_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=--b' });
      response.end(Buffer.concat([Buffer.from('--b\r\n\r\n'), JPEG, Buffer.from('\r\n--b--')]));
    });
    expect(await readAll(await open(url))).toEqual([JPEG]);
  });

  it('is polled while it sends single JPEGs', async () => {
    let requests = 0;
    const url = await startHttpCamera((_, response) => {
      if (++requests > 3) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(JPEG);
    });
    const camera = await open(url);
    await expect(readAll(camera)).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
    expect(requests).toBe(4);
  });

  it.each([
    ['video/mp2t', 'mpegts'],
    ['video/x-flv', 'flv'],
    ['Video/MP4; codecs=avc1', 'mov'],
  ])('gives the body of %s to ffmpeg', async (type, format) => {
    const url = await startHttpCamera((_, response) => {
      response.writeHead(200, { 'content-type': type }).end('body');
    });
    const camera = await open(url);
    expect(camera).toMatchObject({ kind: 'body', format });
    if (camera.kind === 'body') expect(Buffer.concat(await collect(camera.body))).toHaveLength(4);
  });

  it.each<[headers: Record<string, string>, code: string, message: string]>([
    [{}, 'STREAM_NO_VIDEO', 'sends no content type, not a video'],
    [{ 'content-type': 'text/html' }, 'STREAM_NO_VIDEO', 'sends text/html, not a video'],
    [
      { 'content-type': 'application/vnd.apple.mpegurl' },
      'STREAM_TRANSPORT_UNSUPPORTED',
      'sends an HLS playlist',
    ],
    [
      { 'content-type': 'multipart/x-mixed-replace' },
      'STREAM_CONNECTION_FAILED',
      'missing or invalid boundary',
    ],
  ])('reports a response with %j as %s', async (headers, code, message) => {
    const url = await startHttpCamera((_, response) => {
      response.writeHead(200, headers).end();
    });
    const error: unknown = await open(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(`Failed to open video: ${url.shown} `) as string,
    });
    expect(error).toMatchObject({ message: expect.stringContaining(message) as string });
    expect(String(error)).not.toContain(CAMERA_SECRET);
  });

  it('reports a camera that closes the connection within an image', async () => {
    const url = await startHttpCamera((_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' });
      response.write('--b\r\n\r\n', () => void response.destroy());
    });
    await expect(open(url).then(readAll)).rejects.toMatchObject({
      code: 'STREAM_CONNECTION_FAILED',
      message: expect.stringContaining('closed the connection') as string,
    });
  });

  it.each<[what: string, headers: Record<string, string>]>([
    ['an MJPEG stream', { 'content-type': 'multipart/x-mixed-replace; boundary=b' }],
    ['a JPEG', { 'content-type': 'image/jpeg', 'content-length': '100' }],
  ])('reports silence within %s', async (_, headers) => {
    const url = await startHttpCamera((_request, response) => {
      response.writeHead(200, headers).write('--b\r\n\r\n');
    });
    await expect(open(url, { silenceMs: 100 }).then(readAll)).rejects.toMatchObject({
      code: 'STREAM_TIMEOUT',
      message: expect.stringContaining('sent no video for') as string,
    });
  });

  it('ends when it is aborted', async () => {
    const url = await startHttpCamera((_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' });
      response.write('--b\r\n\r\n');
    });
    const controller = new AbortController();
    const options = { fps: 20, cameraNetworks: ['127.0.0.1'] };
    const reading = openHttpCamera(url, options, controller.signal).then(readAll);
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});

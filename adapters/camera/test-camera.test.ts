import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAMERA_SECRET, startHttpCamera, stopHttpCameras } from '../../test/support/http-camera.js';
import { makeMovingClip } from '../../test/support/moving-camera.js';
import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import { testCamera } from './test-camera.js';

const { signal } = new AbortController();

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'vidette-camera-test-'))));
afterEach(async () => {
  stopHttpCameras();
  await rm(folder, { recursive: true });
});

const settings = () => ({
  ...{ folder, ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', withFrame: true },
  ...{ memoryBytes: 2 ** 32, maxPixels: 1e8, fileRoot: folder },
  ...{ fps: 2, testMs: 500, cameraNetworks: ['127.0.0.1'] },
});

async function jpeg(width: number, height: number): Promise<Buffer> {
  const create = { width, height, channels: 3, background: '#345' } as const;
  return sharp({ create }).jpeg().toBuffer();
}

async function startMjpeg(body: Buffer, everyMs: number) {
  return startHttpCamera((_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' });
    const head = `--b\r\ncontent-type: image/jpeg\r\ncontent-length: ${body.length}\r\n\r\n`;
    const send = () =>
      response.write(Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n')]));
    const timer = setInterval(send, everyMs);
    response.once('close', () => clearInterval(timer));
  });
}

describe('testCamera', () => {
  it('measures an MJPEG camera and estimates its cost', async () => {
    const image = await jpeg(640, 360);
    const tested = await testCamera(await startMjpeg(image, 20), settings(), signal);
    expect(tested).toMatchObject({ codec: 'mjpeg', width: 640, height: 360, authenticated: false });
    expect(tested.fps).toBeGreaterThan(2);
    const kbit = (8 * image.length * tested.fps!) / 1000;
    expect(tested.kbit_per_s! / kbit).toBeCloseTo(1, 1);
    expect(tested.cores).toBeCloseTo(0.04, 2);
    expect(JSON.stringify(tested)).not.toContain(CAMERA_SECRET);
  });

  it('returns a frame in base64, at most 960 pixels wide, if it is requested', async () => {
    const url = await startMjpeg(await jpeg(1920, 1080), 20);
    const { frame } = await testCamera(url, settings(), signal);
    const size = await sharp(Buffer.from(frame!, 'base64')).metadata();
    expect(size).toMatchObject({ format: 'jpeg', width: 960, height: 540 });
    const without = await testCamera(url, { ...settings(), withFrame: false }, signal);
    expect(without.frame).toBeUndefined();
  });

  it('decodes a frame of a file', async () => {
    const path = await makeMovingClip(join(folder, 'clip.mp4'), 1);
    const { frame } = await testCamera(parseCameraUrl(`file://${path}`), settings(), signal);
    const size = await sharp(Buffer.from(frame!, 'base64')).metadata();
    expect(size).toMatchObject({ width: 128, height: 64 });
  });

  it('decodes a frame of a body that ffmpeg reads', async () => {
    const clip = await readFile(await makeMovingClip(join(folder, 'clip.flv'), 1));
    const url = await startHttpCamera((_, response) => {
      response.writeHead(200, { 'content-type': 'video/x-flv' }).end(clip);
    });
    const tested = await testCamera(url, settings(), signal);
    const size = await sharp(Buffer.from(tested.frame!, 'base64')).metadata();
    expect(size).toMatchObject({ width: 128, height: 64 });
  });

  it('reports a camera that sends no images without its URL', async () => {
    const url = await startMjpeg(Buffer.from('ffd8ff0102ffd9', 'hex'), 20);
    const message = expect.not.stringContaining(CAMERA_SECRET) as unknown;
    const test = testCamera(url, settings(), signal);
    await expect(test).rejects.toMatchObject({ code: 'STREAM_NO_VIDEO', message });
  });

  it('rejects a file outside of the allowed folder', async () => {
    const test = testCamera(parseCameraUrl('file:///etc/passwd'), settings(), signal);
    await expect(test).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses an address outside of the allowed networks', async () => {
    const url = await startMjpeg(await jpeg(64, 64), 20);
    const test = testCamera(url, { ...settings(), cameraNetworks: ['10.0.0.0/8'] }, signal);
    await expect(test).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  });
});

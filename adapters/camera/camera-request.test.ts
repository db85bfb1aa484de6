import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CAMERA_SECRET, startHttpCamera, stopHttpCameras } from '../../test/support/http-camera.js';
import {
  type CameraUrl,
  type Credentials,
  parseCameraUrl,
} from '../../domain/stream/camera-url.js';
import { requestCamera } from './camera-request.js';

const { signal } = new AbortController();
const WRONG = 'wrong-user';
const request = (url: CameraUrl, options = {}) =>
  requestCamera(url, { cameraNetworks: ['127.0.0.1'], ...options }, signal);

afterEach(stopHttpCameras);

describe('a request to a camera', () => {
  it.each<[status: number, headers: Record<string, string>, code: string, message: string]>([
    [401, {}, 'STREAM_AUTH_FAILED', 'requires a user name and a password (401)'],
    [403, {}, 'STREAM_AUTH_FAILED', 'requires a user name and a password (403)'],
    [404, {}, 'STREAM_NOT_FOUND', 'has no stream at this path'],
    [
      302,
      { location: `http://x/${CAMERA_SECRET}` },
      'STREAM_REDIRECTED',
      'redirects to another URL',
    ],
    [500, {}, 'STREAM_CONNECTION_FAILED', 'answered GET with 500'],
  ])('reports status %d and %j as %s', async (status, headers, code, message) => {
    const url = await startHttpCamera((_, response) => {
      response.writeHead(status, headers).end();
    });
    const error: unknown = await request(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(`Failed to open video: ${url.shown} ${message}`) as string,
    });
    expect(String(error)).not.toContain(CAMERA_SECRET);
  });

  it('reports a camera that does not answer', async () => {
    const url = await startHttpCamera(() => undefined);
    await expect(request(url, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'STREAM_TIMEOUT',
      message: expect.stringContaining('did not answer within 100 ms') as string,
    });
  });

  it('reports a camera that refuses connections', async () => {
    const url = await startHttpCamera(() => undefined);
    stopHttpCameras();
    await expect(request(url)).rejects.toMatchObject({
      code: 'STREAM_CONNECTION_FAILED',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });
});

describe('the credentials of a request', () => {
  const withChallenge = async (challenge: string, credentials: Credentials) => {
    const seen: (string | undefined)[] = [];
    const listener: RequestListener = ({ headers: { authorization } }, response) => {
      seen.push(authorization);
      if (authorization?.includes(WRONG) ?? true) {
        return void response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
      response.writeHead(200, { 'content-type': 'video/mp2t' }).end();
    };
    return { seen, url: await startHttpCamera(listener, credentials) };
  };

  it('are sent by Basic', async () => {
    const credentials = { username: 'user', password: 'p@ss%' };
    const { url, seen } = await withChallenge('Basic realm="camera"', credentials);
    await request(url);
    const expected = `Basic ${Buffer.from('user:p@ss%').toString('base64')}`;
    expect(seen).toEqual([undefined, expected]);
  });

  it('are sent by Digest, and not before the camera requests them', async () => {
    const credentials = { username: 'user', password: CAMERA_SECRET };
    const challenge = 'Digest realm="camera", nonce="abc", qop="auth"';
    const { url, seen } = await withChallenge(challenge, credentials);
    await request(url);
    expect(seen[0]).toBeUndefined();
    expect(seen[1]).toMatch(/^Digest username="user", realm="camera", nonce="abc", uri="/);
    expect(seen[1]).toContain(`uri="/${CAMERA_SECRET}?token=${CAMERA_SECRET}"`);
  });

  it('are sent once if the camera rejects them', async () => {
    const challenge = 'Digest realm="camera", nonce="abc", qop="auth"';
    const { url, seen } = await withChallenge(challenge, { username: WRONG, password: 'x' });
    await expect(request(url)).rejects.toMatchObject({
      code: 'STREAM_AUTH_FAILED',
      message: expect.stringContaining('rejected the user name or the password') as string,
    });
    expect(seen).toHaveLength(2);
  });
});

describe('a request to a denied address', () => {
  it.each([
    'http://127.0.0.1:9/',
    'http://[::1]:9/',
    'http://2130706433:9/',
    'http://localhost:9/',
  ])('is not contacted: %s', async (text) => {
    const denied = request(parseCameraUrl(text), { cameraNetworks: [] });
    await expect(denied).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  });
});

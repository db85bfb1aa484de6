import { expect, it } from 'vitest';
import { readCameraUrl } from './read-camera-url.js';

const { signal } = new AbortController();

it.each([
  'rtsp://viewer:planted-secret@10.0.0.7/live',
  'http://10.0.0.7/video?token=planted-secret',
])('rejects a secret among the arguments of a command: %s', async (url) => {
  const message = expect.not.stringContaining('planted-secret') as unknown;
  const read = readCameraUrl({ signal }, url, {});
  await expect(read).rejects.toMatchObject({ code: 'INVALID_INPUT', message });
});

it('accepts a URL without secrets', async () => {
  const url = 'rtsp://10.0.0.7/live';
  expect(await readCameraUrl({ signal }, url, {})).toEqual({ url });
});

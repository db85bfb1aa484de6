import { expect, it } from 'vitest';
import { LOG_UUID } from '../../test/support/log-entries.js';
import { createMemoryCameras } from '../../test/support/memory-scenarios.js';
import { createCameraKey } from './camera-seal.js';
import { createCameras } from './cameras.js';

const URL = 'rtsp://user:geheim@10.0.0.7:8554/live?token=geheim';
const KEY = createCameraKey();

it('stores the URL of a camera sealed, with its host', async () => {
  const store = createMemoryCameras();
  const cameras = createCameras(store, KEY);
  await cameras.put({ camera_id: 'gate', url: URL });
  expect(await cameras.urlOf('gate')).toBe(URL);
  const stored = await store.find('gate');
  expect(stored).toMatchObject({ camera: 'rtsp://10.0.0.7:8554', scenario_uuid: null });
  expect(JSON.stringify(stored)).not.toContain('geheim');
});

it('rejects an invalid URL without the URL', async () => {
  const cameras = createCameras(createMemoryCameras(), KEY);
  const put = cameras.put({ camera_id: 'gate', url: 'ftp://user:geheim@10.0.0.7' });
  const message = expect.not.stringContaining('geheim') as unknown;
  await expect(put).rejects.toMatchObject({ code: 'INVALID_INPUT', message });
});

it('rejects a camera that does not exist', async () => {
  const cameras = createCameras(createMemoryCameras(), KEY);
  await expect(cameras.urlOf('gate')).rejects.toMatchObject({ code: 'CAMERA_NOT_FOUND' });
});

it('needs the key to store and to read URLs', async () => {
  const store = createMemoryCameras();
  await createCameras(store, KEY).put({ camera_id: 'gate', url: URL });
  const keyless = createCameras(store, undefined);
  const expected = { code: 'CAMERA_UNREADABLE', retryable: true };
  await expect(keyless.urlOf('gate')).rejects.toMatchObject(expected);
  await expect(keyless.put({ camera_id: 'gate', url: URL })).rejects.toMatchObject(expected);
});

it('stores the URL of a deployed scenario once', async () => {
  const store = createMemoryCameras();
  const cameras = createCameras(store, KEY);
  const { camera_id } = await cameras.putDeployed(LOG_UUID, URL);
  expect(camera_id).toMatch(new RegExp(`^${LOG_UUID}-[0-9a-f]{12}$`));
  expect(await cameras.putDeployed(LOG_UUID, URL)).toMatchObject({ camera_id });
  expect(await store.list()).toMatchObject([{ camera_id, scenario_uuid: LOG_UUID }]);
  expect(await cameras.urlOf(camera_id)).toBe(URL);
  const other = await cameras.putDeployed(LOG_UUID, `${URL}2`);
  const sameWithOtherKey = await createCameras(store, createCameraKey()).putDeployed(LOG_UUID, URL);
  expect(new Set([camera_id, other.camera_id, sameWithOtherKey.camera_id]).size).toBe(3);
});

import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { scenarioDocument } from '../../test/support/scenarios.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { createCameraKey } from '../../domain/stream/camera-seal.js';
import { type CameraList, createCameraList } from './cameras.js';

const URL = 'rtsp://10.0.0.7/live';

let documents: DocumentStore;
let cameras: CameraList;
beforeEach(() => {
  documents = createMemoryDocumentStore();
  cameras = createCameraList({ documents, cameraKey: createCameraKey() });
});

describe('the list of cameras', () => {
  it('has cameras without their URLs', async () => {
    const password = 'p@ss#word';
    await cameras.add({ camera_id: 'yard', url: `${URL}?token=planted-secret` });
    const gate = await cameras.add({ camera_id: 'gate', url: URL, username: 'viewer', password });
    expect(gate).toMatchObject({
      camera_id: 'gate',
      camera: 'rtsp://10.0.0.7',
      scenario_uuid: null,
    });
    const listed = await cameras.list();
    expect(listed.map(({ camera_id }) => camera_id)).toEqual(['gate', 'yard']);
    expect(JSON.stringify(listed)).not.toMatch(/planted-secret|word|live/);
    expect(await cameras.urlOf('gate')).toBe('rtsp://viewer:p%40ss%23word@10.0.0.7/live');
  });

  it('removes a camera', async () => {
    await cameras.add({ camera_id: 'gate', url: URL });
    await cameras.remove('gate');
    expect(await cameras.list()).toEqual([]);
    await expect(cameras.remove('gate')).rejects.toMatchObject({ code: 'CAMERA_NOT_FOUND' });
  });

  it('keeps a camera that a running scenario uses, until that has ended', async () => {
    await cameras.add({ camera_id: 'gate-north', url: URL });
    const document = scenarioDocument();
    await documents.scenarios.put(document);
    await expect(cameras.remove('gate-north')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const end = { state: 'stopped', ended_at: new Date(), error: null, outcome: null } as const;
    await documents.scenarios.put({ ...document, end });
    await cameras.remove('gate-north');
    expect(await cameras.list()).toEqual([]);
  });

  it('removes a camera that was sealed with another key', async () => {
    await cameras.add({ camera_id: 'gate', url: URL });
    await createCameraList({ documents, cameraKey: createCameraKey() }).remove('gate');
    expect(await cameras.list()).toEqual([]);
  });

  it.each([
    [{ camera_id: 'a/b', url: URL }],
    [{ camera_id: 'gate', url: 'ftp://10.0.0.7' }],
    [{ camera_id: 'gate', url: 'file:///a.mp4', username: 'viewer' }],
  ])('rejects %o', async (camera) => {
    await expect(cameras.add(camera)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

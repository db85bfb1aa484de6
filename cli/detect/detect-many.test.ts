import { expect, it, vi } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import type { App } from '../app.js';
import type { DetectServers } from './detection.js';
import { detectMany } from './detect-many.js';

it('checks the options before it ingests any of several videos', async () => {
  const unknownClass = new AppError('INVALID_INPUT', 'Model cars has no class "dgo".');
  const upload = vi.fn();
  const client: Pick<VidetteClient, 'checkOptions' | 'upload'> = {
    checkOptions: () => Promise.reject(unknownClass),
    upload,
  };
  const app = { config: {}, out: { step: () => undefined } } as unknown as App;
  const servers = { client, owned: false } as unknown as DetectServers;
  const videos = [{ name: 'street', video: { video_id: 'street' } }];
  const request = { options: { model: 'cars' }, resultPathOf: () => null, wait: false };
  await expect(detectMany(app, servers, videos, request)).rejects.toBe(unknownClass);
  expect(upload).not.toHaveBeenCalled();
});

import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSample } from '../../sample/render.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { uploadedVideoSchema } from '../schemas/list-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { joinCalls } from '../uploads/join-calls.js';
import { storeUpload, type StoredVideo } from '../uploads/store-upload.js';

const NAME = 'sample.mp4';

/** Route that stores the sample video, so that a first job needs no file. */
export function sampleVideoRoute(server: ApiServer, context: ApiContext): void {
  // Requests during a render share it.
  const store = joinCalls(() => storeSample(context));
  server.post(
    '/api/v1/videos/sample',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['videos'],
        operationId: 'storeSampleVideo',
        summary: 'Render the sample video, which takes some seconds, and store it',
        response: { 201: uploadedVideoSchema, ...problems() },
      },
    },
    async (_, reply) => {
      const video = await store(NAME);
      void reply.code(201);
      return video;
    },
  );
}

async function storeSample({ services, config, folder }: ApiContext): Promise<StoredVideo> {
  const stores = services();
  const path = join(folder, NAME);
  try {
    await renderSample({ path, ffmpegPath: config.ffmpeg.ffmpegPath });
    const data = createReadStream(path);
    return await storeUpload(stores, { name: NAME, data, maxBytes: config.upload.maxBytes });
  } finally {
    await rm(path, { force: true });
  }
}

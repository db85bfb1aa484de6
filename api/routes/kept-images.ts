import { z } from 'zod';
import { described } from '../../domain/described.js';
import { BUCKETS, keys, SHA256 } from '../../domain/names.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { ProblemError } from '../http/problem.js';
import { sendObject } from '../http/send-object.js';
import { IMAGE_TYPES } from '../images/sources.js';
import { binary, EXAMPLE, unchanged } from '../schemas/common.js';
import { flag } from '../schemas/flag.js';
import { erasedImageSchema } from '../schemas/image-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { KEPT_IMAGES } from './paths.js';

const params = z.object({
  sha256: described(
    z.string().regex(SHA256, 'expected 64 digits in lower-case hexadecimal'),
    'SHA-256 of the file, in hex.',
    EXAMPLE.sha256,
  ),
});

const image = {
  description: 'The file as it was sent',
  content: Object.fromEntries(IMAGE_TYPES.map((type) => [type, { schema: binary('Image') }])),
};

const eraseQuery = z.object({
  force: flag(
    'Erase it although data sets use it: their exports leave it out, and list it in left-out.jsonl.',
  ),
});

/** Routes for the kept images of predictions. */
export function keptImageRoutes(server: ApiServer, context: ApiContext): void {
  getRoute(server, context);
  eraseRoute(server, context);
}

function eraseRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    `${KEPT_IMAGES}/:sha256`,
    {
      config: { scope: 'write', startsWork: true },
      schema: {
        tags: ['images'],
        operationId: 'eraseImage',
        summary: 'Erase a kept image, which is never kept again',
        description:
          'An image that a data set uses is erased with `force` only; the problem names the versions. The records of predictions and feedback stay, without the image.',
        params,
        querystring: eraseQuery,
        response: { 200: erasedImageSchema, ...problems(400, 404, 409, 503) },
      },
    },
    ({ params: { sha256 }, query: { force } }) => services().client.eraseImage(sha256, { force }),
  );
}

function getRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${KEPT_IMAGES}/:sha256`,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['images'],
        operationId: 'getKeptImage',
        summary: 'The kept image of a prediction',
        params,
        response: { 200: image, 206: image, 304: unchanged, ...problems(400, 404, 416, 503) },
      },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      const { objects } = services();
      const place = { bucket: BUCKETS.pictures, key: keys.image(sha256) };
      const stat = await objects.stat(place.bucket, place.key);
      if (!stat) throw notKept(sha256);
      // Objects are written with one of the supported types only.
      const contentType = stat.metadata['content-type'] ?? 'application/octet-stream';
      const found = { ...stat, etag: sha256 };
      return sendObject(request, reply, objects, {
        ...place,
        found,
        contentType,
        isImmutable: true,
      });
    },
  );
}

function notKept(sha256: string): ProblemError {
  return new ProblemError(
    'not-found',
    `Image ${sha256} is not stored: it was never kept, was erased, or was removed after VIDETTE_KEEP_PICTURES_DAYS without feedback.`,
  );
}

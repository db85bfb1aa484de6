import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import { count, time } from '../schemas/common.js';
import { uploadedVideoSchema, videoPageSchema, videosQuery } from '../schemas/list-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';
import { VIDEOS } from './paths.js';
import { abortUpload, beginUpload, completeUpload, uploadState } from '../uploads/part-upload.js';
import { joinCalls } from '../uploads/join-calls.js';
import { receive } from '../uploads/receive.js';
import { storeUpload, tooLarge } from '../uploads/store-upload.js';

const UPLOADS = `${VIDEOS}/uploads`;
const tags = ['videos'];
const config = { scope: 'write' } as const;

const name = described(z.string(), 'Original name of the file.', 'street.mp4');
const size = count('Size in bytes.', 8_131_690);

const missingPart = z
  .object({
    part: count('Number of the part, from 1.', 2),
    url: described(
      z.string(),
      'Signed URL to which the part is PUT.',
      'http://127.0.0.1:9000/videos/uploads/x?partNumber=2',
    ),
  })
  .meta({ id: 'MissingPart', description: 'Part that has not arrived.' });

const uploadId = z.string().regex(/^[0-9a-z]{9}-[0-9a-f]{32}$/);
const UPLOAD_ID = 'lvy2k9m3a-0f1e2d3c4b5a69788796a5b4c3d2e1f0';

const stateSchema = z
  .object({
    upload_id: described(z.string(), 'Id of the upload.', UPLOAD_ID),
    name,
    size,
    part_size: count('Size in bytes of each part except the last.', 16_777_216),
    parts: count('Number of parts.', 3),
    arrived: described(z.array(z.int()).readonly(), 'Numbers of the stored parts.', [1]),
    missing: described(z.array(missingPart).readonly(), 'Parts that have not arrived.'),
    expires_at: time('Time at which an unfinished upload is removed.'),
    video_id: described(
      z.string().nullable(),
      'Id of the video; null until the upload is complete.',
      null,
    ),
  })
  .meta({ id: 'UploadState', description: 'State of an upload in parts.' });

const beginBody = z
  .strictObject({
    name: described(z.string().min(1).max(255), 'Name of the file.', 'street.mp4'),
    size: described(z.int().min(1), 'Size in bytes.', 8_131_690),
  })
  .meta({ id: 'UploadRequest', description: 'File to upload in parts.' });

const uploadParams = z.object({ upload_id: described(uploadId, 'Id of the upload.', UPLOAD_ID) });

/** Routes for the list of videos and for uploads, whole or in parts that callers PUT to the store. */
export function videoRoutes(server: ApiServer, context: ApiContext): void {
  listRoute(server, context);
  wholeRoute(server, context);
  beginRoute(server, context);
  partRoutes(server, context);
}

function listRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    VIDEOS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listVideos',
        summary: 'Stored videos with what was detected in them, a page at a time',
        querystring: videosQuery,
        response: { 200: videoPageSchema, ...problems() },
      },
    },
    ({ query }) => services().client.videoPage(query),
  );
}

function wholeRoute(server: ApiServer, { services, config: { upload } }: ApiContext): void {
  server.post(
    VIDEOS,
    {
      config: { ...config, form: ['file'] },
      schema: {
        tags,
        operationId: 'uploadVideo',
        summary: 'Upload a video in the field "file"; the same content has the same video_id',
        response: { 201: uploadedVideoSchema, ...problems(413, 415, 422) },
      },
    },
    async (request, reply) => {
      const stores = services();
      const { maxBytes } = upload;
      const { file } = await receive(request, maxBytes, (name, data) =>
        storeUpload(stores, { name, data, maxBytes }),
      );
      void reply.code(201);
      return file;
    },
  );
}

function beginRoute(server: ApiServer, { services, config: { upload } }: ApiContext): void {
  server.post(
    UPLOADS,
    {
      config,
      schema: {
        tags,
        operationId: 'beginUpload',
        summary: 'Start an upload in parts: PUT each part to its URL, then complete the upload',
        body: beginBody,
        response: { 201: stateSchema, ...problems(413) },
      },
    },
    async ({ body }, reply) => {
      if (body.size > upload.maxBytes) throw tooLarge(upload.maxBytes);
      const state = await beginUpload(services(), body);
      void reply.code(201).header('location', `${UPLOADS}/${state.upload_id}`);
      return state;
    },
  );
}

function partRoutes(server: ApiServer, { services }: ApiContext): void {
  const params = uploadParams;
  // Only one of several requests at a time could remove the parts.
  const complete = joinCalls((id) => completeUpload(services(), id));
  server.get(
    `${UPLOADS}/:upload_id`,
    {
      config,
      schema: {
        tags,
        operationId: 'getUpload',
        summary: 'List the parts that have arrived, with new URLs for the missing ones',
        params,
        response: { 200: stateSchema, ...problems(404) },
      },
    },
    ({ params: { upload_id } }) => uploadState(services(), upload_id),
  );
  server.post(
    `${UPLOADS}/:upload_id/complete`,
    {
      config,
      schema: {
        tags,
        operationId: 'completeUpload',
        summary: 'Join the parts into a video; responds once its content is hashed',
        params,
        response: { 201: uploadedVideoSchema, ...problems(404, 409, 422) },
      },
    },
    async ({ params: { upload_id } }, reply) => {
      const video = await complete(upload_id);
      void reply.code(201);
      return video;
    },
  );
  server.delete(
    `${UPLOADS}/:upload_id`,
    {
      config,
      schema: {
        tags,
        operationId: 'abortUpload',
        summary: 'Abort an upload',
        params,
        response: { 204: z.null().describe('The upload is aborted.'), ...problems(404) },
      },
    },
    async ({ params: { upload_id } }, reply) => {
      await abortUpload(services(), upload_id);
      return reply.code(204).send(null);
    },
  );
}

import { z } from 'zod';
import type { ApiContext } from '../context.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';
import { abortUpload, beginUpload, completeUpload, uploadState } from '../uploads/part-upload.js';
import { receive } from '../uploads/receive.js';
import { storeUpload, tooLarge } from '../uploads/store-upload.js';

const VIDEOS = '/api/v1/videos';
const UPLOADS = `${VIDEOS}/uploads`;
const tags = ['videos'];
const config = { scope: 'write' } as const;

const videoSchema = z.object({ video_id: z.string(), name: z.string(), size: z.number() });

const stateSchema = z.object({
  upload_id: z.string(),
  name: z.string(),
  size: z.number(),
  part_size: z.number(),
  parts: z.int(),
  arrived: z.array(z.int()).readonly(),
  missing: z.array(z.object({ part: z.int(), url: z.string() })).readonly(),
  expires_at: z.string(),
  video_id: z.string().nullable(),
});

const uploadParams = z.object({ upload_id: z.string().regex(/^[0-9a-z]{9}-[0-9a-f]{32}$/) });

/** Routes for uploads: whole in one request, or in parts that the caller PUTs to the store. */
export function videoRoutes(server: ApiServer, context: ApiContext): void {
  wholeRoute(server, context);
  beginRoute(server, context);
  partRoutes(server, context);
}

function wholeRoute(server: ApiServer, { services, config: { upload } }: ApiContext): void {
  server.post(
    VIDEOS,
    {
      config: { ...config, form: { file: 'file' } },
      schema: {
        tags,
        summary: 'Upload a video in the field "file"; the same content has the same video_id',
        response: { 201: videoSchema, ...problems(413, 415, 422) },
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
        summary: 'Start an upload in parts: PUT each part to its URL, then complete the upload',
        body: z.strictObject({ name: z.string().min(1).max(255), size: z.int().min(1) }),
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
  server.get(
    `${UPLOADS}/:upload_id`,
    {
      config,
      schema: {
        tags,
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
        summary: 'Join the parts into a video; responds once its content is hashed',
        params,
        response: { 201: videoSchema, ...problems(404, 409, 422) },
      },
    },
    async ({ params: { upload_id } }, reply) => {
      const video = await completeUpload(services(), upload_id);
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
        summary: 'Abort an upload',
        params,
        response: { 204: z.null(), ...problems(404) },
      },
    },
    async ({ params: { upload_id } }, reply) => {
      await abortUpload(services(), upload_id);
      return reply.code(204).send(null);
    },
  );
}

import { z } from 'zod';
import { createCameraTester } from '../../adapters/camera/camera-tester.js';
import type { CameraList } from '../../client/index.js';
import { fullUrlOf } from '../../client/streams/cameras.js';
import { AppError } from '../../domain/errors.js';
import type { ApiContext } from '../context.js';
import { abortOnClose } from '../http/abort-on-close.js';
import type { ApiServer } from '../http/api-server.js';
import {
  cameraParams,
  cameraRequestSchema,
  cameraSchema,
  camerasSchema,
  cameraTestResultSchema,
  cameraTestSchema,
} from '../schemas/camera-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { CAMERAS } from './paths.js';

const tags = ['cameras'];
const CAMERA = `${CAMERAS}/:camera_id`;

/** Routes for cameras: URLs that are stored sealed. */
export function cameraRoutes(server: ApiServer, context: ApiContext): void {
  addRoute(server, context);
  listRoute(server, context);
  removeRoute(server, context);
  testRoute(server, context);
}

function addRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    CAMERAS,
    {
      config: { scope: 'cameras' },
      schema: {
        tags,
        operationId: 'addCamera',
        summary: 'Add a camera, or change its URL, which is stored sealed and never returned',
        body: cameraRequestSchema,
        response: { 201: cameraSchema, ...problems() },
      },
    },
    async ({ body }, reply) => {
      void reply.code(201);
      return services().client.cameras.add(body);
    },
  );
}

function listRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    CAMERAS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listCameras',
        summary: 'All cameras, without their URLs',
        response: { 200: camerasSchema, ...problems() },
      },
    },
    async () => ({ cameras: await services().client.cameras.list() }),
  );
}

function removeRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    CAMERA,
    {
      config: { scope: 'cameras' },
      schema: {
        tags,
        operationId: 'removeCamera',
        summary: 'Remove a camera that no running scenario uses',
        params: cameraParams,
        response: { 204: z.null().describe('It is removed'), ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      await services().client.cameras.remove(params.camera_id);
      return reply.code(204).send(null);
    },
  );
}

function testRoute(server: ApiServer, { services, config, folder }: ApiContext): void {
  const testCamera = createCameraTester(config, folder, { withFrame: true });
  server.post(
    `${CAMERAS}/test`,
    {
      config: { scope: 'cameras' },
      schema: {
        tags,
        operationId: 'testCamera',
        summary: 'Read a camera for six seconds and describe what it sends',
        body: cameraTestSchema,
        response: { 200: cameraTestResultSchema, ...problems(404, 413, 422, 502, 504) },
      },
    },
    async ({ body }, reply) => {
      const url = await urlOf(services().client.cameras, body);
      return testCamera(url, abortOnClose(reply));
    },
  );
}

/** Returns the URL of a camera to test. */
async function urlOf(
  cameras: CameraList,
  { url, camera_id, ...credentials }: z.infer<typeof cameraTestSchema>,
): Promise<string> {
  if (url !== undefined && camera_id === undefined) return fullUrlOf({ url, ...credentials });
  if (camera_id !== undefined && url === undefined) return cameras.urlOf(camera_id);
  throw new AppError('INVALID_INPUT', 'Give either the url or the camera_id of the camera.');
}

import { z } from 'zod';
import type { VidetteClient } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { readPlan } from '../../domain/job/job-store.js';
import { readClasses } from '../../domain/model/model-classes.js';
import { createPalette } from '../../domain/result/class-colours.js';
import type { ApiContext, ApiServices } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { ProblemError } from '../http/problem.js';
import { annotateJpeg } from '../images/annotate.js';
import { binary } from '../schemas/common.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { JOB } from './paths.js';

const tags = ['jobs'];

const frameParams = jobParams.extend({
  frame: described(
    z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    'Index of the frame in the source.',
    35,
  ),
});

const jpegResponse = {
  description: 'The frame as it was stored',
  content: { 'image/jpeg': { schema: binary('JPEG') } },
};
const response = { 200: jpegResponse, ...problems(404) };

/** Routes for the frames of a job. */
export function jobFrameRoutes(server: ApiServer, context: ApiContext): void {
  storedRoute(server, context);
  annotatedRoute(server, context);
}

function storedRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/frames/:frame.jpg`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getFrame',
        summary: 'A stored frame, after preprocessing',
        params: frameParams,
        response,
      },
    },
    async ({ params: { event_id, frame } }, reply) =>
      reply.type('image/jpeg').send(await jpegOf(services().client, event_id, frame)),
  );
}

function annotatedRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/frames/:frame/annotated.jpg`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getAnnotatedFrame',
        summary: 'A stored frame with boxes and labels drawn',
        params: frameParams,
        response,
      },
    },
    async ({ params: { event_id, frame } }, reply) => {
      const { client } = services();
      const jpeg = await jpegOf(client, event_id, frame);
      const row = await client.frameRow(event_id, frame);
      if (!row) throw notDetected(event_id, frame);
      const palette = createPalette(await classesOf(services(), event_id));
      return reply.type('image/jpeg').send(await annotateJpeg(jpeg, row.objects, palette));
    },
  );
}

/** Classes of a job's model by class id. They are read from its plan: only the object store is needed. */
async function classesOf({ objects, models }: ApiServices, eventId: string) {
  const plan = await readPlan(objects, eventId);
  return plan ? readClasses(models, plan.model) : [];
}

/** @throws ProblemError `frame-not-stored`, AppError `JOB_NOT_FOUND`. */
async function jpegOf(client: VidetteClient, eventId: string, frame: number): Promise<Buffer> {
  const jpeg = await client.frameJpeg(eventId, frame);
  if (jpeg) return jpeg;
  await client.job(eventId);
  throw new ProblemError(
    'frame-not-stored',
    `Frame ${frame} of job ${eventId} is not stored: it was not sampled, is not processed yet, or the job stores no frames (frames: none).`,
  );
}

function notDetected(eventId: string, frame: number): ProblemError {
  return new ProblemError(
    'no-result',
    `Frame ${frame} of job ${eventId} has no detections: it was skipped or is not processed yet.`,
  );
}

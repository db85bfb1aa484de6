import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ID } from '../../domain/names.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { EXAMPLE } from '../schemas/common.js';
import { flag } from '../schemas/flag.js';
import { eventId, jobDetailsSchema, jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { JOB, VIDEOS } from './paths.js';

/** Maximum time that a request waits for a deletion, in milliseconds. */
const WAIT_MS = 60_000;

const deleteQuery = z.object({
  data: flag('Whether the job and everything that it stored are deleted, not only cancelled.'),
  wait: flag('Whether the request waits for the deletion, for up to a minute.'),
});

const deletionSchema = z
  .object({
    event_id: eventId,
    workflow_id: described(
      z.string(),
      'Id of the workflow that deletes the job.',
      `delete-job/${EXAMPLE.event}`,
    ),
    deleted: described(z.boolean(), 'Whether the deletion is done; it continues otherwise.'),
  })
  .meta({ id: 'Deletion', description: 'Deletion of a job.' });

const videoParams = z.object({
  video_id: described(z.string().regex(ID), 'Id of the video.', EXAMPLE.video),
});

/** Routes to cancel or delete a job, and to delete a video. */
export function deletionRoutes(server: ApiServer, context: ApiContext): void {
  jobRoute(server, context);
  videoRoute(server, context);
}

function jobRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    JOB,
    {
      config: { scope: 'write' },
      schema: {
        tags: ['jobs'],
        operationId: 'cancelJob',
        summary: 'Cancel a job and keep its detections, or with `data=true` delete it',
        description:
          'Without `data`, a finished job is not changed. With `data=true`, a running job is cancelled, then its result, frames, predictions, videos made from it and history are deleted. The source video is kept.',
        params: jobParams,
        querystring: deleteQuery,
        response: { 202: z.union([jobDetailsSchema, deletionSchema]), ...problems(404) },
      },
    },
    async ({ params: { event_id }, query: { data, wait } }, reply) => {
      const { client } = services();
      void reply.code(202);
      if (!data) return client.cancel(event_id);
      return client.deleteJob(event_id, { timeoutMs: wait ? WAIT_MS : 0 });
    },
  );
}

function videoRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    `${VIDEOS}/:video_id`,
    {
      config: { scope: 'write' },
      schema: {
        tags: ['videos'],
        operationId: 'deleteVideo',
        summary: 'Delete a video that no job, running batch or schedule uses',
        params: videoParams,
        response: { 204: z.null().describe('The video is deleted.'), ...problems(404, 409) },
      },
    },
    async ({ params: { video_id } }, reply) => {
      await services().client.deleteVideo(video_id);
      return reply.code(204).send(null);
    },
  );
}

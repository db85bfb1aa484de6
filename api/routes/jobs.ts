import { z } from 'zod';
import { described } from '../../domain/described.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import type { ApiContext } from '../context.js';
import { idempotencyHeaders, submitOnce } from '../http/idempotency.js';
import { batchId } from '../schemas/batch-schemas.js';
import {
  jobDetailsSchema,
  jobPageSchema,
  jobParams,
  submittedSchema,
} from '../schemas/job-schemas.js';
import { EXAMPLE, pageQuery } from '../schemas/common.js';
import { deriveSchema, rerunSchema } from '../schemas/job-options.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB, JOBS } from './paths.js';
import { checkWebhooks } from '../webhook.js';

const tags = ['jobs'];
/** Characters of a derived event_id from the former event_id and from the caller's key. */
const FORMER_CHARS = 100;
const TOKEN_CHARS = 12;

const listQuery = pageQuery().extend({
  status: described(z.enum(JOB_STATUSES).optional(), 'Only jobs with this status.'),
  text: described(
    z.string().max(128).optional(),
    'Only jobs whose event_id, video_id or video_name contains this text.',
    'street',
  ),
  video: described(
    z.string().max(128).optional(),
    'Only jobs whose video_id or video_name contains this text.',
    'street',
  ),
  model: described(
    z.string().max(300).optional(),
    'Only jobs of this model: a name, name@version, or name@alias for the version of an alias.',
    'yolox_nano@1',
  ),
  class: described(
    z.string().max(256).optional(),
    'Only finished jobs that detected an object of this class.',
    'car',
  ),
  since: described(
    z.iso.datetime({ offset: true }).optional(),
    'Only jobs that were started at this time or later, ISO 8601.',
    EXAMPLE.time,
  ),
  batch: described(batchId.optional(), 'Only jobs of this batch.'),
});

/** Routes to list, read, rerun and narrow jobs. */
export function jobRoutes(server: ApiServer, context: ApiContext): void {
  listRoute(server, context);
  singleRoute(server, context);
  rerunRoute(server, context);
  deriveRoute(server, context);
}

function listRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    JOBS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listJobs',
        summary: 'Jobs, the newest first, a page at a time',
        querystring: listQuery,
        response: { 200: jobPageSchema, ...problems(404) },
      },
    },
    ({ query: { class: className, since, ...filter } }) =>
      services().client.jobPage({
        ...{ ...filter, className },
        since: since === undefined ? undefined : new Date(since),
      }),
  );
}

function singleRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    JOB,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getJob',
        summary: 'A job with its progress',
        params: jobParams,
        response: { 200: jobDetailsSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.job(params.event_id),
  );
}

function rerunRoute(server: ApiServer, { services, config }: ApiContext): void {
  server.post(
    `${JOB}/rerun`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'rerunJob',
        summary: 'Run a job again with changed options',
        params: jobParams,
        headers: idempotencyHeaders,
        body: rerunSchema.nullish(),
        response: { 202: submittedSchema, ...problems(404, 409, 422) },
      },
    },
    async ({ params: { event_id }, headers, body, caller }, reply) => {
      const changes = body ?? {};
      checkWebhooks(changes, config);
      const content = { rerun: event_id, changes };
      const request = { caller: caller?.key_id, key: headers['idempotency-key'], content };
      const job = await submitOnce(services(), request, (token) =>
        services().client.rerun(event_id, {
          ...(token !== undefined && { event_id: derivedId(event_id, token) }),
          ...changes,
        }),
      );
      void reply.code(202).header('location', `${JOBS}/${job.event_id}`);
      return job;
    },
  );
}

function deriveRoute(server: ApiServer, { services, config }: ApiContext): void {
  server.post(
    `${JOB}/derive`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'deriveJob',
        summary: 'Filter the detections of a job, without detecting again',
        params: jobParams,
        body: deriveSchema.nullish(),
        response: { 202: submittedSchema, ...problems(404, 409) },
      },
    },
    async ({ params: { event_id }, body }, reply) => {
      checkWebhooks(body ?? {}, config);
      const job = await services().client.derive(event_id, body ?? {});
      void reply.code(202).header('location', `${JOBS}/${job.event_id}`);
      return job;
    },
  );
}

/** Derives an id that is the same for each attempt of a request. */
function derivedId(former: string, token: string): string {
  return `${former.slice(0, FORMER_CHARS)}-${token.slice(0, TOKEN_CHARS)}`;
}

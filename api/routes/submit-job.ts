import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Submitted, SubmitOptions, VideoInput } from '../../client/index.js';
import { checkSubmitOptions } from '../../client/index.js';
import { listProblems } from '../../domain/schema-problems.js';
import type { ApiContext } from '../context.js';
import { abortOnClose } from '../http/abort-on-close.js';
import { idempotencyHeaders, submitOnce } from '../http/idempotency.js';
import { ProblemError } from '../http/problem.js';
import { submittedSchema } from '../schemas/job-schemas.js';
import { submitOptionsSchema, submitSchema } from '../schemas/job-options.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';
import { JOBS } from './paths.js';
import { checkWebhooks } from '../webhook.js';
import { receive } from '../uploads/receive.js';
import { storeUpload } from '../uploads/store-upload.js';

const TOKEN_CHARS = 24;

/** Job of a request, after its file is stored. */
interface SubmitRequest {
  readonly video: VideoInput;
  readonly options: z.infer<typeof submitOptionsSchema>;
}

/** Route that submits a job on a stored video, a URL, or an upload. */
export function submitRoute(server: ApiServer, context: ApiContext): void {
  server.post(
    JOBS,
    {
      config: { scope: 'write', form: ['options', 'file'] },
      schema: {
        tags: ['jobs'],
        operationId: 'submitJob',
        summary: 'Start a job: video_id or url as JSON, or multipart with "file" and "options"',
        headers: idempotencyHeaders,
        body: submitSchema.nullish(),
        response: { 202: submittedSchema, ...problems(404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const asked = request.isMultipart()
        ? await parseFormRequest(request, context)
        : parseJsonRequest(request.body);
      checkWebhooks(asked.options, context.config);
      const key = request.headers['idempotency-key'];
      const signal = abortOnClose(reply);
      const once = { caller: request.caller?.key_id, key, content: asked };
      const job = await submitOnce(context.services(), once, (token) =>
        submit(context, asked, { token, signal }),
      );
      void reply.code(202).header('location', `${JOBS}/${job.event_id}`);
      return job;
    },
  );
}

function submit(
  { services }: ApiContext,
  { video, options }: SubmitRequest,
  { token, signal }: { readonly token: string | undefined; readonly signal: AbortSignal },
): Promise<Submitted> {
  // A forced run has a random id; derived from the token, it is the same for each attempt.
  const isNewRun = options.force === true && token !== undefined;
  const identity = isNewRun ? { event_id: `job-${token.slice(0, TOKEN_CHARS)}` } : {};
  const all: SubmitOptions = { ...identity, ...options, signal };
  return services().client.submit(video, all);
}

function parseJsonRequest(body: z.infer<typeof submitSchema> | null | undefined): SubmitRequest {
  const { video_id, url, ...options } = body ?? {};
  if (video_id !== undefined && url === undefined) return { video: { video_id }, options };
  if (url !== undefined && video_id === undefined) return { video: { url }, options };
  throw new ProblemError(
    'invalid-request',
    'Expected either video_id or url, or a file as multipart/form-data.',
  );
}

/** Options before the file are checked, with their model, before the file is read. */
async function parseFormRequest(
  request: FastifyRequest,
  context: ApiContext,
): Promise<SubmitRequest> {
  const stores = context.services();
  const { maxBytes } = context.config.upload;
  const { file, fields } = await receive(request, maxBytes, async (name, data, before) => {
    await stores.client.checkOptions(parseOptions(before));
    return storeUpload(stores, { name, data, maxBytes });
  });
  return { video: { video_id: file.video_id }, options: parseOptions(fields) };
}

function parseOptions({ options = '{}', ...others }: Readonly<Record<string, string>>) {
  const unknown = Object.keys(others);
  const parsed = submitOptionsSchema.safeParse(parseJson(options));
  if (parsed.success && unknown.length === 0) {
    checkSubmitOptions(parsed.data);
    return parsed.data;
  }
  const wrong = parsed.error ? listProblems(parsed.error) : [];
  throw new ProblemError(
    'invalid-request',
    `Expected the fields "options" (JSON) and "file". ${[...unknown.map((name) => `Unknown: "${name}"`), ...wrong].join('; ')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError('invalid-request', 'The field "options" is not valid JSON.');
  }
}

import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { answerError, sendProblem } from './error-handler.js';
import { describeApi } from './openapi.js';
import { createProblem } from './problem.js';
import { pageRoutes } from './routes/page.js';
import { jobEventRoutes } from './routes/job-events.js';
import { jobMediaRoutes } from './routes/job-media.js';
import { jobRoutes } from './routes/jobs.js';
import { imageRoutes } from './routes/images.js';
import { exportRoutes } from './routes/exports.js';
import { problemRoutes } from './routes/problems.js';
import { resultRoutes } from './routes/results.js';
import { submitRoute } from './routes/submit-job.js';
import { systemRoutes } from './routes/system.js';
import { videoRoutes } from './routes/videos.js';
import type { ApiContext } from './context.js';

/** Largest body that is no upload: a frame in base64, or a long list of options. */
const BODY_BYTES = 32 * 1024 ** 2;
/** A client that has not sent its headers so long after it connected is cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Connections are looked at so often for what is too slow. */
const CHECK_MS = 1000;
const KEEP_ALIVE_MS = 65_000;
/** Request ids of callers that are taken over. */
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** A server whose routes are typed by their schemas. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The HTTP server with all its routes; it listens to nobody yet. */
export async function createServer(context: ApiContext): Promise<ApiServer> {
  const loggerInstance: FastifyBaseLogger = context.logger;
  const server: ApiServer = Fastify({
    loggerInstance,
    disableRequestLogging: true,
    bodyLimit: BODY_BYTES,
    connectionTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_MS },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { ignoreTrailingSlash: true },
  })
    .setValidatorCompiler(validatorCompiler)
    .setSerializerCompiler(serializerCompiler)
    .withTypeProvider<ZodTypeProvider>();
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      createProblem(
        'not-found',
        `Nothing is at ${request.method} ${request.url.split('?')[0]}. The addresses are listed at /docs.`,
        request.id,
      ),
    ),
  );
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  await server.register(multipart);
  await describeApi(server);
  systemRoutes(server, context);
  await imageRoutes(server, context);
  problemRoutes(server);
  await pageRoutes(server);
  videoRoutes(server, context);
  submitRoute(server, context);
  jobRoutes(server, context);
  jobEventRoutes(server, context);
  resultRoutes(server, context);
  jobMediaRoutes(server, context);
  exportRoutes(server, context);
  return server;
}

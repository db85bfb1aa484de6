import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiServer, ServerLimits } from './http/api-server.js';
import { answerBadUrl, answerError } from './http/error-handler.js';
import { compileValidator } from './http/compile-validator.js';
import { describeApi } from './schemas/openapi.js';
import { onClientError } from './http/socket-error.js';
import { measureRequests } from './http/measure-requests.js';
import { rejectUnknownRoutes } from './http/not-found.js';
import { traceRequests } from './http/trace-requests.js';
import { batchRoutes } from './routes/batches.js';
import { imageBatchRoutes } from './routes/image-batches.js';
import { cameraRoutes } from './routes/cameras.js';
import { imageRoutes } from './routes/images.js';
import { keptImageRoutes } from './routes/kept-images.js';
import { jobEventRoutes } from './routes/job-events.js';
import { jobFrameRoutes } from './routes/job-frames.js';
import { jobRoutes } from './routes/jobs.js';
import { jobVideoRoutes } from './routes/job-video.js';
import { clipRoutes } from './routes/clips.js';
import { lineageRoutes } from './routes/lineage.js';
import { rescoreRoutes } from './routes/rescore.js';
import { retrainRoutes } from './routes/retrain.js';
import { modelAliasRoutes } from './routes/model-aliases.js';
import { pageRoutes } from './routes/page.js';
import { pageViewRoutes } from './routes/page-views.js';
import { datasetRoutes } from './routes/datasets.js';
import { experimentRoutes } from './routes/experiments.js';
import { deletionRoutes } from './routes/deletions.js';
import { diffVideoRoutes } from './routes/diff-video.js';
import { diffRoutes } from './routes/diff.js';
import { exportRoutes } from './routes/exports.js';
import { problemRoutes } from './routes/problems.js';
import { reviewRoutes } from './routes/review.js';
import { resultRoutes } from './routes/results.js';
import { sessionRoutes } from './routes/session.js';
import { submitRoute } from './routes/submit-job.js';
import { streamEventRoutes } from './routes/stream-events.js';
import { streamLiveRoutes } from './routes/stream-live.js';
import { streamResultRoutes } from './routes/stream-results.js';
import { streamRoutes } from './routes/streams.js';
import { systemRoutes } from './routes/system.js';
import { sampleVideoRoute } from './routes/sample-video.js';
import { zoneSetRoutes } from './routes/zone-sets.js';
import { spriteRoutes } from './routes/sprites.js';
import { zoneRoutes } from './routes/zones.js';
import { videoRoutes } from './routes/videos.js';
import { alertRoutes } from './routes/alerts.js';
import { sightingRoutes } from './routes/sightings.js';
import { secure } from './security/secure.js';
import type { ApiContext } from './context.js';

/** Maximum body in bytes except for uploads: a frame in base64, or a long list of options. */
const BODY_BYTES = 32 * 1024 ** 2;
export const LIMITS: ServerLimits = {
  ...{ headersTimeoutMs: 10_000, checkMs: 1000, lingerMs: 5000, stallMs: 5 * 60_000 },
  bodiesBytes: 128 * 1024 ** 2,
};
/** Maximum length of a parameter in a path; the schemas of routes have lower limits. */
const PARAMETER_CHARS = 1024;
const KEEP_ALIVE_MS = 65_000;
/** Time that requests in progress have to end at shutdown, in milliseconds. */
const SHUTDOWN_GRACE_MS = 10_000;
const CHECK_IDLE_MS = 100;
/** Request ids that are accepted from callers. */
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Creates the HTTP server with all its routes; it does not listen yet. */
export async function createServer(
  context: ApiContext,
  limits: ServerLimits = LIMITS,
): Promise<ApiServer> {
  const loggerInstance: FastifyBaseLogger = context.logger;
  const server: ApiServer = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    connectionTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    clientErrorHandler: onClientError,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAMETER_CHARS },
    frameworkErrors: answerBadUrl,
  })
    .setValidatorCompiler(compileValidator)
    .setSerializerCompiler(serializerCompiler)
    .withTypeProvider<ZodTypeProvider>();
  // No route accepts plain text.
  server.removeContentTypeParser('text/plain');
  server.decorate('stopping', context.stopping);
  server.setErrorHandler(answerError);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  measureRequests(server, context.metrics);
  if (context.tracing) traceRequests(server, context.tracing);
  await secure(server, context, limits);
  rejectUnknownRoutes(server);
  await server.register(multipart);
  await describeApi(server, context.config.api);
  systemRoutes(server, context);
  sessionRoutes(server, context);
  await imageRoutes(server, context);
  keptImageRoutes(server, context);
  modelAliasRoutes(server, context);
  retrainRoutes(server, context);
  experimentRoutes(server, context);
  rescoreRoutes(server, context);
  lineageRoutes(server, context);
  reviewRoutes(server, context);
  datasetRoutes(server, context);
  problemRoutes(server);
  await pageRoutes(server, context.config);
  pageViewRoutes(server);
  videoRoutes(server, context);
  alertRoutes(server, context);
  sightingRoutes(server, context);
  sampleVideoRoute(server, context);
  submitRoute(server, context);
  jobRoutes(server, context);
  deletionRoutes(server, context);
  jobEventRoutes(server, context);
  resultRoutes(server, context);
  jobVideoRoutes(server, context);
  clipRoutes(server, context);
  spriteRoutes(server, context);
  jobFrameRoutes(server, context);
  exportRoutes(server, context);
  diffRoutes(server, context);
  zoneRoutes(server, context);
  zoneSetRoutes(server, context);
  diffVideoRoutes(server, context);
  batchRoutes(server, context);
  imageBatchRoutes(server, context);
  streamRoutes(server, context);
  streamResultRoutes(server, context);
  streamEventRoutes(server, context);
  streamLiveRoutes(server, context);
  cameraRoutes(server, context);
  return server;
}

/** Stops accepting requests; resolves when those in progress have ended or are cut off. */
export async function closeServer(server: ApiServer, graceMs = SHUTDOWN_GRACE_MS): Promise<void> {
  const { server: http } = server;
  // Otherwise a busy connection is kept alive for its next request.
  const closeIdle = setInterval(() => http.closeIdleConnections(), CHECK_IDLE_MS);
  const cutOff = setTimeout(() => {
    server.log.warn('cutting off requests in progress');
    http.closeAllConnections();
  }, graceMs);
  try {
    await server.close();
  } finally {
    clearInterval(closeIdle);
    clearTimeout(cutOff);
  }
}

import type { ModelRef } from '../../domain/model/model-manifest.js';
import type { ApiContext } from '../context.js';
import { kindOfError } from '../http/error-handler.js';
import { FILES_MAX, readForm } from '../images/form.js';
import { createRequestFolders } from '../images/request-folder.js';
import type { ApiServer } from '../http/api-server.js';
import { detectRoutes } from './detect.js';
import { feedbackRoutes } from './feedback.js';
import { modelRoutes } from './model.js';
import { predictRoutes } from './predict.js';
import { predictionRoutes } from './predictions.js';
import { processRoutes } from './process.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Model in use of a request for images; null until it is known. */
    imageModel: Pick<ModelRef, 'name' | 'version'> | null;
  }
}

const FIELDS_MAX = 16;
const FIELD_BYTES = 8192;

/** Routes for single images: predictions, objects, cut-outs, the log of predictions, and feedback. */
export async function imageRoutes(server: ApiServer, context: ApiContext): Promise<void> {
  predictionRoutes(server, context);
  feedbackRoutes(server, context);
  modelRoutes(server, context);
  await server.register((scope: ApiServer, _options, done) => {
    scope.decorateRequest('imageModel', null);
    const requestFolders = createRequestFolders(context.folder);
    const maxImageBytes = context.config.images.maxBytes;
    const limits = {
      fileSize: maxImageBytes,
      files: FILES_MAX,
      fields: FIELDS_MAX,
      fieldSize: FIELD_BYTES,
    };
    // Read before validation, so that the form is validated like any other body.
    scope.addHook('preValidation', async (request, reply) => {
      if (!request.isMultipart()) return;
      const { folder } = await requestFolders(request, reply);
      const { keepsInvalidImages = false } = request.routeOptions.config;
      // An oversized file is read to its end only if the request declares a bounded length.
      const isBounded = Number(request.headers['content-length']) <= FILES_MAX * maxImageBytes;
      const reading = { limits, throwFileSizeLimit: !(keepsInvalidImages && isBounded) };
      const rules = { maxImageBytes, keepsInvalidImages };
      request.body = await readForm(request.parts(reading), folder, rules);
    });
    scope.addHook('onError', (request, _reply, error, done) => {
      context.metrics.failed(kindOfError(error), request.imageModel ?? undefined);
      done();
    });
    predictRoutes(scope, context, requestFolders);
    detectRoutes(scope, context, requestFolders);
    processRoutes(scope, context, requestFolders);
    done();
  });
}

import type { ApiContext } from '../context.js';
import { kindOfError } from '../http/error-handler.js';
import { FILES_MAX, readForm } from '../images/form.js';
import { createRequestFolders } from '../images/request-folder.js';
import type { ApiServer } from '../http/api-server.js';
import { detectRoutes } from './detect.js';
import { modelRoutes } from './model.js';
import { predictRoutes } from './predict.js';
import { predictionRoutes } from './predictions.js';
import { processRoutes } from './process.js';

const FIELDS_MAX = 16;
const FIELD_BYTES = 8192;

/** Single pictures: what is in them, what was found, and with which model. */
export async function imageRoutes(server: ApiServer, context: ApiContext): Promise<void> {
  predictionRoutes(server, context);
  modelRoutes(server, context);
  await server.register((scope: ApiServer, _options, done) => {
    const workplaces = createRequestFolders(context.folder);
    const pictureBytes = context.config.images.maxBytes;
    const limits = {
      fileSize: pictureBytes,
      files: FILES_MAX,
      fields: FIELDS_MAX,
      fieldSize: FIELD_BYTES,
    };
    // Before it is validated: then a form is a body as any other.
    scope.addHook('preValidation', async (request, reply) => {
      if (!request.isMultipart()) return;
      const { folder } = await workplaces(request, reply);
      const { keepsBadPictures = false } = request.routeOptions.config;
      // A file that is too large is read to its end only where the request says how much comes.
      const isBounded = Number(request.headers['content-length']) <= FILES_MAX * pictureBytes;
      const reading = { limits, throwFileSizeLimit: !(keepsBadPictures && isBounded) };
      const rules = { pictureBytes, keepsBadPictures };
      request.body = await readForm(request.parts(reading), folder, rules);
    });
    scope.addHook('onError', (_request, _reply, error, done) => {
      context.metrics.failed(kindOfError(error));
      done();
    });
    predictRoutes(scope, context, workplaces);
    detectRoutes(scope, context, workplaces);
    processRoutes(scope, context, workplaces);
    done();
  });
}

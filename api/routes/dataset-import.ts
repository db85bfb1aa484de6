import { join } from 'node:path';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { createRequestFolders } from '../images/request-folder.js';
import { datasetParams, importQuery, importReportSchema } from '../schemas/dataset-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { receive } from '../uploads/receive.js';
import { saveUpload } from '../uploads/save-upload.js';
import { DATASET } from './paths.js';

/** Route that imports annotations into a data set. */
export function datasetImportRoute(
  server: ApiServer,
  { services, config, folder: root }: ApiContext,
): void {
  const requestFolders = createRequestFolders(root);
  const { maxBytes } = config.upload;
  server.post(
    `${DATASET}/import`,
    {
      config: { scope: 'write', startsWork: true, form: ['file'] },
      schema: {
        tags: ['data sets'],
        operationId: 'importDataset',
        summary: 'Import the annotations of a zip: COCO, YOLO or folders of classes',
        description:
          'Images are found by the SHA-256 in their name, as in exports; others are skipped. The annotations become feedback of this data set; build it to get a version with them. Images for which the zip names a part (train, val or test) are in that part; an image in two parts is an error.',
        params: datasetParams,
        querystring: importQuery,
        response: { 200: importReportSchema, ...problems(400, 413, 415, 503) },
      },
    },
    async (request, reply) => {
      const { datasets } = services().client;
      const { folder, signal } = await requestFolders(request, reply);
      const path = join(folder, 'import.zip');
      await receive(request, maxBytes, (_name, data) => saveUpload(data, path, maxBytes));
      const by = request.caller?.name;
      const { parts } = request.query;
      return datasets.import(request.params.name, path, { by, signal, parts });
    },
  );
}

import { AppError } from '../../domain/errors.js';
import type { TableFormat } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { sendObject } from '../http/send-object.js';
import { binary, unchanged } from '../schemas/common.js';
import { imageBatchParams } from '../schemas/image-batch-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { IMAGE_BATCH } from './paths.js';

const MEDIA_TYPES: Readonly<Record<TableFormat, string>> = {
  'jsonl.gz': 'application/gzip',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

const tableResponse = (description: string) => ({
  description,
  content: Object.fromEntries(
    Object.values(MEDIA_TYPES).map((type) => [type, { schema: binary('The table') }]),
  ),
});

/** Route for the table of a batch of images. */
export function imageTableRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${IMAGE_BATCH}/table`,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['image batches'],
        operationId: 'getImageTable',
        summary: 'The table of a batch of images, whole or a range of its bytes',
        params: imageBatchParams,
        response: {
          200: tableResponse('The table'),
          206: tableResponse('A range of the table'),
          304: unchanged,
          ...problems(404, 416),
        },
      },
    },
    async (request, reply) => {
      const { client, objects } = services();
      const { batch_id } = request.params;
      const { bucket, key, format } = await client.imageBatches.table(batch_id);
      const found = await objects.stat(bucket, key);
      if (!found) throw new AppError('BATCH_NOT_FOUND', `The table of ${batch_id} was removed.`);
      const fileName = `${batch_id}.${format}`;
      void reply.header('content-disposition', `attachment; filename="${fileName}"`);
      const contentType = MEDIA_TYPES[format];
      return sendObject(request, reply, objects, { bucket, key, found, contentType });
    },
  );
}

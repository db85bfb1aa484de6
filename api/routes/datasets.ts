import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DatasetFormat, Datasets } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { binary, unchanged } from '../schemas/common.js';
import {
  builtDatasetSchema,
  datasetBuildSchema,
  datasetExportQuery,
  datasetListQuery,
  datasetListSchema,
  datasetParams,
  datasetSchema,
  datasetVersionParams,
} from '../schemas/dataset-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { datasetImportRoute } from './dataset-import.js';
import { DATASET, DATASET_VERSION, DATASETS } from './paths.js';

const tags = ['data sets'];

/** Routes for data sets made from feedback. */
export function datasetRoutes(server: ApiServer, context: ApiContext): void {
  buildRoute(server, context);
  readRoutes(server, context);
  exportRoute(server, context);
  datasetImportRoute(server, context);
}

function buildRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    DATASET,
    {
      config: { scope: 'write', startsWork: true },
      schema: {
        tags,
        operationId: 'buildDataset',
        summary: 'Build a version from all feedback; the same content is the same version',
        params: datasetParams,
        body: datasetBuildSchema,
        response: {
          200: builtDatasetSchema,
          201: builtDatasetSchema,
          ...problems(400, 413, 503),
        },
      },
    },
    async ({ params, body, caller }, reply) => {
      const { datasets } = services().client;
      const { manifest, created, left_out } = await datasets.build(params.name, {
        ...body,
        by: caller?.name,
      });
      void reply.header('location', `${DATASETS}/${manifest.name}@${manifest.version}`);
      return reply.code(created ? 201 : 200).send({ ...manifest, left_out, created });
    },
  );
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    DATASETS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listDatasets',
        summary: 'The newest version of each data set, or all versions of one',
        querystring: datasetListQuery,
        response: { 200: datasetListSchema, ...problems(404, 503) },
      },
    },
    async ({ query: { name } }) => {
      const { datasets } = services().client;
      return { datasets: await (name === undefined ? datasets.list() : datasets.versions(name)) };
    },
  );
  server.get(
    DATASET_VERSION,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getDataset',
        summary: 'A version of a data set: counts by part and class, origin and left out images',
        params: datasetVersionParams,
        response: { 200: datasetSchema, ...problems(404, 503) },
      },
    },
    ({ params }) => services().client.datasets.get(params.spec),
  );
}

const zipResponse = {
  description: 'The zip with all images',
  content: { 'application/zip': { schema: binary('The zip, as a stream') } },
};

function exportRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${DATASET_VERSION}/export`,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags,
        operationId: 'exportDataset',
        summary: 'A version with its images as COCO, YOLO, folders of classes or JSON lines',
        params: datasetVersionParams,
        querystring: datasetExportQuery,
        response: { 200: zipResponse, 304: unchanged, ...problems(400, 404, 503) },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const { client, documents } = services();
      const erased = await documents.keptImages.erased();
      const call = { datasets: client.datasets, request, reply, erased: erased.size };
      return sendExport(call, params.spec, query.format);
    },
  );
}

interface ExportCall {
  readonly datasets: Datasets;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Number of erased images, which exports leave out. */
  readonly erased: number;
}

async function sendExport(
  { datasets, request, reply, erased }: ExportCall,
  spec: string,
  format: DatasetFormat,
): Promise<FastifyReply> {
  const { name, version, sha256 } = await datasets.get(spec);
  const etag = `"${[sha256, version, format, ...(erased > 0 ? [erased] : [])].join('-')}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send(Readable.from([]));
  const stream = await datasets.exportStream(`${name}@${version}`, format);
  const fileName = `${name}-${version}.${format}.zip`;
  void reply.type('application/zip');
  void reply.header('content-disposition', `attachment; filename="${fileName}"`);
  return reply.send(stream);
}

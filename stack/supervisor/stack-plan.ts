import { z } from 'zod';

export const SERVER_NAMES = ['temporal', 'object_store', 'document_store'] as const;
export const WORKER_NAMES = ['video_worker', 'detect_worker', 'stream_worker'] as const;
export const SERVICE_NAMES = [...SERVER_NAMES, ...WORKER_NAMES, 'api'] as const;

export type ServerName = (typeof SERVER_NAMES)[number];
export type WorkerName = (typeof WORKER_NAMES)[number];
export type ServiceName = (typeof SERVICE_NAMES)[number];

const port = z.number().int().min(1).max(65535);

export const portsSchema = z.object({
  temporal: port,
  temporalUi: port,
  /** Port on which Temporal serves its Web UI to the proxy that checks host names. */
  temporalUiBackend: port,
  objectStore: port,
  objectStoreConsole: port,
  documentStore: port,
  api: port,
});

/** Ports on 127.0.0.1. */
export type Ports = z.infer<typeof portsSchema>;

const toolsSchema = z.object({
  temporal: z.string(),
  objectStore: z.object({ path: z.string(), kind: z.enum(['versitygw', 'minio']) }),
  documentStore: z.object({ path: z.string(), kind: z.enum(['mongod', 'ferretdb']) }),
  ffmpeg: z.string(),
  ffprobe: z.string(),
});

/** Accepts the tools of a running stack of an older version, which has only MinIO. */
function withObjectStore(tools: unknown): unknown {
  if (typeof tools !== 'object' || tools === null || !('minio' in tools)) return tools;
  return { objectStore: { path: tools.minio, kind: 'minio' }, ...tools };
}

/** Accepts the ports of a running stack of an older version, which serves the Web UI without a proxy. */
function withUiBackend(ports: unknown): unknown {
  if (typeof ports !== 'object' || ports === null || !('temporalUi' in ports)) return ports;
  return { temporalUiBackend: ports.temporalUi, ...ports };
}

export const stackPlanSchema = z.object({
  dataDir: z.string(),
  scratchDir: z.string(),
  searchPath: z.string(),
  tools: z.preprocess(withObjectStore, toolsSchema),
  ports: z.preprocess(withUiBackend, portsSchema),
  /** Model of jobs that do not specify one; default: the first known model. */
  model: z.string().optional(),
  /** JavaScript heap limit of each worker and lane, in MiB; 0: Node's default. */
  workerHeapMb: z.number().int().min(0).default(0),
  /** Node scripts; without workers, only the servers run. */
  init: z.string().nullable(),
  workers: z
    .object({
      video_worker: z.string(),
      detect_worker: z.string(),
      /** A running stack of an older version has none. */
      stream_worker: z.string().optional(),
      api: z.string(),
    })
    .nullable(),
});

/** Input of a supervisor; contains no secrets. */
export type StackPlan = z.infer<typeof stackPlanSchema>;

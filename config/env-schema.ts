import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { WEBHOOK_SECRET } from '../domain/job/webhook.js';
import { CAMERA_KEY } from '../domain/stream/camera-seal.js';
import { SHA256 } from '../domain/names.js';
import { DEFAULT_FPS } from '../domain/stream/scenario-input.js';
import { retentionVariable } from './retention.js';
import { timingVariable } from './timing.js';

const flag = z.stringbool().default(false);
const wholeNumber = (fallback: number, min = 0) =>
  z.coerce.number().int().min(min).default(fallback);
/** Comma-separated values. */
const list = <T extends z.ZodType<unknown, string>>(each: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((value) => value.trim()))
    .pipe(z.array(each).min(1));
const secret = z.string().min(1).optional();
const addresses = list(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]);
const mlflowUri = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => !URL.parse(text)?.username,
    'expected a URL without a user name: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD',
  );

/** Every environment variable that Vidette reads, documented in `docs/configuration.md`. */
export const environmentSchema = z.object({
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  VIDETTE_DATA_DIR: z.string().default(join(homedir(), '.local/share/vidette')),
  VIDETTE_CACHE_DIR: z.string().default(join(homedir(), '.cache/vidette')),
  VIDETTE_SCRATCH_DIR: z.string().optional(),
  VIDETTE_SCRATCH_LIMIT_GB: z.coerce.number().positive().default(20),
  VIDETTE_SOURCE_CACHE_GB: z.coerce.number().positive().default(20),
  VIDETTE_RETENTION: retentionVariable,
  VIDETTE_MODEL: z.string().optional(),
  VIDETTE_CLASSIFIER: z.string().optional(),
  VIDETTE_MODELS_DIR: z.string().optional(),
  VIDETTE_INCLUDED_MODELS_DIR: z.string().optional(),
  VIDETTE_TEST_DATA: z.string().optional(),
  VIDETTE_TEST_TIMING: timingVariable,
  VIDETTE_DEVICE: z.enum(['cpu', 'gpu']).default('cpu'),
  VIDETTE_LANES: wholeNumber(0),
  VIDETTE_LANE_THREADS: wholeNumber(1, 1),
  VIDETTE_LANE_TIMEOUT_S: wholeNumber(120, 1),
  VIDETTE_BATCH: z.coerce.number().int().min(1).max(256).optional(),
  VIDETTE_LANE_MEMORY_MB: wholeNumber(4096),
  VIDETTE_WORKER_HEAP_MB: wholeNumber(2048),
  VIDETTE_WINDOW: wholeNumber(0),
  VIDETTE_TRAIN: z.stringbool().default(true),
  VIDETTE_TRAIN_COMMAND: z.string().optional(),
  VIDETTE_HEALTH_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  VIDETTE_HEALTH_HOST: z.string().default('127.0.0.1'),
  VIDETTE_API_HOST: z.string().default('127.0.0.1'),
  VIDETTE_API_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  VIDETTE_API_AUTH: z.enum(['keys', 'none']).optional(),
  VIDETTE_API_OPEN: flag,
  VIDETTE_API_KEYS: list(
    z.string().regex(SHA256, 'expected SHA-256 hashes of keys in lower-case hexadecimal'),
  ).optional(),
  VIDETTE_API_HOSTS: list(z.string().min(1)).default([]),
  VIDETTE_API_IDLE_S: wholeNumber(30, 1),
  VIDETTE_API_CONNECTIONS: wholeNumber(1000, 1),
  VIDETTE_API_RATE: wholeNumber(300, 1),
  VIDETTE_CORS_ORIGINS: list(z.url({ protocol: /^https?$/ })).default([]),
  VIDETTE_API_LANES: wholeNumber(0),
  VIDETTE_KEEP_PICTURES_DAYS: z.coerce.number().int().min(0).max(36_500).default(0),
  VIDETTE_AUDIT_RATE: z.coerce.number().min(0).max(1).default(0.01),
  VIDETTE_MAX_PICTURE_MB: z.coerce.number().positive().default(32),
  VIDETTE_FFMPEG: z.string().default('ffmpeg'),
  VIDETTE_FFPROBE: z.string().default('ffprobe'),
  VIDETTE_TEMPORAL: z.string().optional(),
  VIDETTE_VERSITYGW: z.string().optional(),
  VIDETTE_MINIO: z.string().optional(),
  VIDETTE_FERRETDB: z.string().optional(),
  VIDETTE_MONGOD: z.string().optional(),
  VIDETTE_TEMPORAL_RELEASES: z.url().default('https://github.com/temporalio/cli/releases/download'),
  VIDETTE_VERSITYGW_RELEASES: z
    .url()
    .default('https://github.com/versity/versitygw/releases/download'),
  VIDETTE_MONGOD_RELEASES: z.url().default('https://fastdl.mongodb.org'),
  VIDETTE_FFMPEG_RELEASES: z
    .url()
    .default('https://github.com/jellyfin/jellyfin-ffmpeg/releases/download'),
  VIDETTE_PYTHON_PACKAGES: z.url().default('https://files.pythonhosted.org/packages'),
  VIDETTE_PORTABLE_FFMPEG: flag,
  VIDETTE_ALLOW_INSTALL: flag,
  VIDETTE_ACCEPT_AGPL: flag,
  PATH: z.string().default(''),
  VIDETTE_FFMPEG_TIMEOUT_S: wholeNumber(900, 1),
  VIDETTE_FFMPEG_STALL_S: wholeNumber(60, 1),
  VIDETTE_FFMPEG_MEMORY_MB: wholeNumber(4096, 256),
  VIDETTE_MAX_PIXELS: wholeNumber(8192 * 4320, 1),
  VIDETTE_MAX_VIDEO_HOURS: z.coerce.number().positive().default(48),
  VIDETTE_MAX_FRAMES: wholeNumber(20_000_000, 1),
  VIDETTE_MAX_DOWNLOAD_GB: z.coerce.number().positive().default(50),
  VIDETTE_WEBHOOK_SECRET: z
    .string()
    .regex(WEBHOOK_SECRET, 'expected whsec_ and 24 to 64 bytes in base64')
    .optional(),
  VIDETTE_NTFY_URL: z.url({ protocol: /^https?$/ }).default('https://ntfy.sh'),
  VIDETTE_NTFY_TOKEN: secret,
  VIDETTE_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  VIDETTE_MAIL_FROM: z.email().optional(),
  VIDETTE_MAX_UPLOAD_GB: z.coerce.number().positive().default(50),
  VIDETTE_ALLOW_PRIVATE_ADDRESSES: flag,
  VIDETTE_DOWNLOAD_SCHEMES: list(z.enum(['http', 'https'])).default(['https', 'http']),
  VIDETTE_DENIED_ADDRESSES: addresses,
  MAX_WORKERS: z.coerce.number().int().min(1).max(1000).default(4),
  VIDEO_FPS: z.coerce.number().min(0.1).max(60).default(DEFAULT_FPS),
  VIDETTE_CAMERA_NETWORKS: addresses,
  VIDETTE_FILE_ROOT: z.string().optional(),
  VIDETTE_CAMERA_KEY: z
    .string()
    .regex(CAMERA_KEY, 'expected 32 bytes in base64: openssl rand -base64 32')
    .optional(),
  VIDETTE_STREAM_KEEP_GB: z.coerce.number().positive().optional(),
  VIDETTE_STREAM_HOST: z.string().default('127.0.0.1'),
  VIDETTE_TEMPORAL_UI: z.url().optional(),
  VIDETTE_PAGE_URL: z.url({ protocol: /^https?$/ }).optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: secret,
  TEMPORAL_TLS: z.stringbool().optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().optional(),
  TEMPORAL_DEPLOYMENT_NAME: z
    .string()
    .regex(/^[^.:]+$/, 'expected a name without "." and ":"')
    .optional(),
  TEMPORAL_BUILD_ID: z.string().optional(),
  TEMPORAL_WORKER_BUILD_ID: z.string().optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  VIDETTE_PAYLOAD_KEYS: secret,
  VIDETTE_PAYLOAD_KEYS_FILE: z.string().optional(),
  MINIO_ENDPOINT: z.string().default('http://127.0.0.1:9000'),
  MINIO_ACCESS_KEY: secret,
  MINIO_SECRET_KEY: secret,
  MINIO_SESSION_TOKEN: secret,
  MINIO_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  MINIO_REGION: z.string().default('us-east-1'),
  MINIO_PATH_STYLE: z.stringbool().default(true),
  MINIO_CA_FILE: z.string().optional(),
  MONGO_URI: z.string().default('mongodb://127.0.0.1:27017/'),
  MLFLOW_URI: mlflowUri.optional(),
  MLFLOW_TRACKING_URI: z.string().optional(),
  MLFLOW_TRACKING_USERNAME: secret,
  MLFLOW_TRACKING_PASSWORD: secret,
  MLFLOW_TRACKING_TOKEN: secret,
  MLFLOW_CA_FILE: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: secret,
});

/** Parsed variables, with defaults. */
export type Environment = z.infer<typeof environmentSchema>;

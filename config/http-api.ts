import { AppError } from '../domain/errors.js';
import { GIB, MIB } from './bytes.js';
import type { Environment } from './env-schema.js';

/** Loopback host names: 127.0.0.0/8, ::1 and localhost. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** What an API serves. */
export type ApiRole = 'all' | 'images';

/** Settings of the HTTP API; port 0 chooses a free port. */
export function apiOf(env: Environment) {
  const isLoopback = LOOPBACK.test(env.VIDETTE_API_HOST);
  if (env.VIDETTE_API_AUTH === 'none' && !isLoopback) {
    throw new AppError(
      'INVALID_INPUT',
      `Invalid configuration: VIDETTE_API_AUTH=none would open the API at ${env.VIDETTE_API_HOST} to other machines. Remove it, or set VIDETTE_API_HOST=127.0.0.1.`,
    );
  }
  return {
    host: env.VIDETTE_API_HOST,
    port: env.VIDETTE_API_PORT,
    isLoopback,
    /** `images`: single images only, without servers. */
    role: 'all' as ApiRole,
    auth: env.VIDETTE_API_AUTH ?? (isLoopback ? ('none' as const) : ('keys' as const)),
    /** Allowed host names in addition to those of loopback. */
    hosts: env.VIDETTE_API_HOSTS,
    /** Time without data after which a request body is cut off. */
    idleMs: env.VIDETTE_API_IDLE_S * 1000,
    maxConnections: env.VIDETTE_API_CONNECTIONS,
    /** Limit of requests without a key per minute and client address, if keys are required. */
    ratePerMinute: env.VIDETTE_API_RATE,
    /** Origins of other sites whose pages may send requests. */
    corsOrigins: env.VIDETTE_CORS_ORIGINS.map((origin) => new URL(origin).origin),
  };
}

/** Prediction on single images in lanes of the API. */
export function imagesOf(env: Environment, cores: number) {
  return {
    lanes: env.VIDETTE_API_LANES || defaultImageLanes(cores, env.VIDETTE_CLASSIFIER),
    /** Model for image classification; default: the detection model. */
    classifier: env.VIDETTE_CLASSIFIER,
    maxBytes: env.VIDETTE_MAX_PICTURE_MB * MIB,
    /** Days for which images of predictions are kept after their last use; 0: never. */
    keepDays: env.VIDETTE_KEEP_PICTURES_DAYS,
    /** Share of the kept images whose predictions are audited, 0 to 1. */
    auditRate: env.VIDETTE_AUDIT_RATE,
  };
}

/** A quarter of the cores, but at least one lane per model. */
function defaultImageLanes(cores: number, classifier: string | undefined): number {
  return Math.max(classifier === undefined ? 1 : 2, Math.floor(cores / 4));
}

/** Settings of downloads, webhooks, alerts and uploads. */
export function transfersOf(env: Environment) {
  return {
    download: {
      maxBytes: env.VIDETTE_MAX_DOWNLOAD_GB * GIB,
      allowPrivateAddresses: env.VIDETTE_ALLOW_PRIVATE_ADDRESSES,
      schemes: env.VIDETTE_DOWNLOAD_SCHEMES,
      deniedAddresses: env.VIDETTE_DENIED_ADDRESSES,
    },
    webhook: { secret: env.VIDETTE_WEBHOOK_SECRET },
    alerts: {
      /** Server of topics, without a slash at its end. */
      ntfyUrl: env.VIDETTE_NTFY_URL.replace(/\/+$/, ''),
      ntfyToken: env.VIDETTE_NTFY_TOKEN,
      /** Server of e-mails, with its credentials; undefined: none are sent. */
      smtpUrl: env.VIDETTE_SMTP_URL,
      mailFrom: env.VIDETTE_MAIL_FROM,
    },
    upload: {
      maxBytes: env.VIDETTE_MAX_UPLOAD_GB * GIB,
      /** URL of the object store for clients that upload parts; default: that of this process. */
      publicEndpoint: env.MINIO_PUBLIC_ENDPOINT,
    },
  };
}

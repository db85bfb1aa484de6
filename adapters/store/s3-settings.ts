import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import type { ClientOptions } from 'minio';
import { AppError, messageOf } from '../../domain/errors.js';
import type { S3RequestSettings } from './s3-requests.js';

export interface ObjectStoreSettings {
  /** URL such as `http://127.0.0.1:9000` or `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
  /** Session token of temporary credentials. */
  readonly sessionToken?: string;
  readonly region: string;
  /** Whether URLs contain the bucket in their path; if false, in the host name. Default: true. */
  readonly pathStyle?: boolean;
  /** PEM file of the certificate authorities to trust; default: those of the system. */
  readonly caFile?: string;
  /**
   * Time without a byte in either direction after which a request fails, in milliseconds; writes
   * have six times as long. Default: no limit.
   */
  readonly idleTimeoutMs?: number;
}

/** Bytes that a stream of unknown length buffers per part; S3 allows 10,000 parts, so 160 GB. */
const PART_BYTES = 16 * 1024 ** 2;

/** Settings of requests to a store. @throws AppError `INVALID_INPUT`. */
export function requestSettings(settings: ObjectStoreSettings): S3RequestSettings {
  const { endpoint, accessKey, secretKey, sessionToken, region, pathStyle = true } = settings;
  const url = URL.parse(endpoint);
  if (!url || !accessKey || !secretKey) {
    throw invalid('Set MINIO_ENDPOINT (a URL), MINIO_ACCESS_KEY and MINIO_SECRET_KEY.');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('Remove the user name and the password from MINIO_ENDPOINT.');
  }
  const useSSL = url.protocol === 'https:';
  const { caFile, idleTimeoutMs } = settings;
  const options: ClientOptions = {
    endPoint: url.hostname,
    port: url.port ? Number(url.port) : useSSL ? 443 : 80,
    useSSL,
    accessKey,
    secretKey,
    ...(sessionToken !== undefined && { sessionToken }),
    region,
    pathStyle,
    partSize: PART_BYTES,
    ...(useSSL && caFile !== undefined && { transportAgent: agentTrusting(caFile) }),
  };
  return { options, endpoint: url.origin, idleTimeoutMs };
}

function agentTrusting(caFile: string): Agent {
  try {
    return new Agent({ ca: readFileSync(caFile), keepAlive: true });
  } catch (cause) {
    throw invalid(`MINIO_CA_FILE cannot be read: ${messageOf(cause)}`);
  }
}

function invalid(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}

import { Client, S3Error } from 'minio';
import { BUCKETS } from '../../domain/names.js';
import type { PartUploads } from '../../domain/ports/part-uploads.js';
import { createS3Requests } from './s3-requests.js';
import { type ObjectStoreSettings, requestSettings } from './s3-settings.js';

/** Makes `listParts` public, which is protected in the minio client. */
class PartsClient extends Client {
  partsOf(bucket: string, key: string, uploadId: string) {
    return this.listParts(bucket, key, uploadId);
  }
}

/**
 * Multipart uploads by the S3 API.
 * @param publicEndpoint URL at which uploaders reach the store, for which URLs are signed.
 */
export function createPartUploads(
  settings: ObjectStoreSettings,
  publicEndpoint: string = settings.endpoint,
): PartUploads {
  const { send, iterate } = createS3Requests(
    requestSettings(settings),
    (options) => new PartsClient(options),
  );
  const signer = new Client(requestSettings({ ...settings, endpoint: publicEndpoint }).options);
  return {
    begin: (bucket, key, { signal } = {}) =>
      send({ bucket, key }, signal, (client) => client.initiateNewMultipartUpload(bucket, key, {})),
    partUrl: ({ bucket, key, id }, part, expiresS) =>
      signer.presignedUrl('PUT', bucket, key, expiresS, {
        uploadId: id,
        partNumber: String(part),
      }),
    parts: ({ bucket, key, id }, { signal } = {}) =>
      send({ bucket, key }, signal, (client) => findUpload(listParts(client, bucket, key, id))),
    complete: ({ bucket, key, id }, parts, { signal } = {}) =>
      send({ bucket, key }, signal, async (client) => {
        await client.completeMultipartUpload(bucket, key, id, [...parts]);
      }),
    abort: ({ bucket, key, id }, { signal } = {}) =>
      send({ bucket, key }, signal, (client) =>
        findUpload(client.abortMultipartUpload(bucket, key, id)),
      ),
    unfinished: (bucket, prefix, { signal } = {}) =>
      iterate({ bucket, key: prefix }, signal, (client) => listUnfinished(client, bucket, prefix)),
  };
}

/** Origin of the URLs of parts, as a content security policy names it. */
export function partsOrigin(
  { endpoint, pathStyle = true }: Pick<ObjectStoreSettings, 'endpoint' | 'pathStyle'>,
  publicEndpoint: string = endpoint,
): string {
  const { protocol, host } = new URL(publicEndpoint);
  return `${protocol}//${pathStyle ? '' : `${BUCKETS.videos}.`}${host}`;
}

/** An incomplete upload as the minio package lists it. */
interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
}

async function* listUnfinished(client: Client, bucket: string, prefix: string) {
  const uploads = client.listIncompleteUploads(bucket, prefix, true);
  for await (const { key, uploadId } of uploads as AsyncIterable<ListedUpload>) {
    yield { bucket, key, id: uploadId };
  }
}

async function listParts(client: PartsClient, bucket: string, key: string, id: string) {
  const parts = await client.partsOf(bucket, key, id);
  return parts.map(({ part, etag, size }) => ({ part, etag, size }));
}

/** Undefined if the store has no such upload. */
async function findUpload<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchUpload') return undefined;
    throw error;
  }
}

import { Client, S3Error } from 'minio';
import { BUCKETS } from '../../domain/names.js';
import type { PartUploads, StoredPart } from '../../domain/ports/part-uploads.js';
import { clientOptions, type ObjectStoreSettings } from './minio-object-store.js';

/** The package knows the parts of an upload, and tells them only to its heirs. */
class PartsClient extends Client {
  partsOf(bucket: string, key: string, uploadId: string) {
    return this.listParts(bucket, key, uploadId);
  }
}

/**
 * Uploads in parts over S3's API. Addresses are signed for the endpoint at which those who upload
 * reach the store, where that is another one than for this process.
 */
export function createPartUploads(
  settings: ObjectStoreSettings,
  publicEndpoint: string = settings.endpoint,
): PartUploads {
  const client = new PartsClient(clientOptions(settings));
  const signer = new Client(clientOptions({ ...settings, endpoint: publicEndpoint }));
  return {
    begin: (bucket, key) => client.initiateNewMultipartUpload(bucket, key, {}),
    partUrl: ({ bucket, key, id }, part, expiresS) =>
      signer.presignedUrl('PUT', bucket, key, expiresS, {
        uploadId: id,
        partNumber: String(part),
      }),
    parts: ({ bucket, key, id }) => known(listed(client, bucket, key, id)),
    complete: async ({ bucket, key, id }, parts) => {
      await client.completeMultipartUpload(bucket, key, id, [...parts]);
    },
    abort: async ({ bucket, key, id }) => {
      await known(client.abortMultipartUpload(bucket, key, id));
    },
    unfinished: async function* (bucket, prefix) {
      const uploads = client.listIncompleteUploads(bucket, prefix, true);
      for await (const { key, uploadId } of uploads as AsyncIterable<Listed>) {
        yield { bucket, key, id: uploadId };
      }
    },
  };
}

/** Origin of the addresses of parts, as a browser names it in a content security policy. */
export function partsOrigin(
  { endpoint, pathStyle = true }: Pick<ObjectStoreSettings, 'endpoint' | 'pathStyle'>,
  publicEndpoint: string = endpoint,
): string {
  const { protocol, host } = new URL(publicEndpoint);
  return `${protocol}//${pathStyle ? '' : `${BUCKETS.videos}.`}${host}`;
}

/** What the package tells of an upload that was not completed. */
interface Listed {
  readonly key: string;
  readonly uploadId: string;
}

async function listed(
  client: PartsClient,
  bucket: string,
  key: string,
  id: string,
): Promise<StoredPart[]> {
  const parts = await client.partsOf(bucket, key, id);
  return parts.map(({ part, etag, size }) => ({ part, etag, size }));
}

async function known<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchUpload') return undefined;
    throw error;
  }
}

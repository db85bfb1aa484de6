import { type Client, CopyDestinationOptions, CopySourceOptions } from 'minio';
import type { PutOptions } from '../../domain/ports/object-store.js';

/** A copy of an object in the same bucket, with new metadata. */
export interface ObjectCopy {
  readonly bucket: string;
  readonly from: string;
  readonly to: string;
  readonly options: PutOptions;
}

/** Sizes in bytes. */
interface CopyLimits {
  /** Largest object that the store copies in one request. */
  readonly objectBytes: number;
  readonly partBytes: number;
}

const GIB = 1024 ** 3;
/** Limits of S3. */
const S3_LIMITS: CopyLimits = { objectBytes: 5 * GIB, partBytes: GIB };

/**
 * Copies an object in one request, or in parts if it is larger than S3 allows. `composeObject` of the
 * `minio` package numbers all parts 1, and reports an error of the store as success.
 */
export async function copyObject(client: Client, copy: ObjectCopy, limits = S3_LIMITS) {
  const { size } = await client.statObject(copy.bucket, copy.from);
  if (size > limits.objectBytes) return copyInParts(client, copy, size, limits.partBytes);
  const source = new CopySourceOptions({ Bucket: copy.bucket, Object: copy.from });
  await client.copyObject(source, targetOf(copy));
}

function targetOf({ bucket, to, options: { contentType, metadata } }: ObjectCopy) {
  return new CopyDestinationOptions({
    Bucket: bucket,
    Object: to,
    MetadataDirective: 'REPLACE',
    UserMetadata: { ...metadata },
    ...(contentType && { Headers: { 'Content-Type': contentType } }),
  });
}

async function copyInParts(client: Client, copy: ObjectCopy, size: number, partBytes: number) {
  const { bucket, to } = copy;
  const { 'X-Amz-Metadata-Directive': _, ...headers } = targetOf(copy).getHeaders();
  const id = await client.initiateNewMultipartUpload(bucket, to, headers);
  try {
    const parts = [];
    for (let from = 0; from < size; from += partBytes) {
      const range = `bytes=${from}-${Math.min(from + partBytes, size) - 1}`;
      parts.push(await copyPart(client, copy, { id, part: parts.length + 1, range }));
    }
    await client.completeMultipartUpload(bucket, to, id, parts);
  } catch (error) {
    await client.abortMultipartUpload(bucket, to, id);
    throw error;
  }
}

interface CopiedPart {
  readonly id: string;
  readonly part: number;
  readonly range: string;
}

async function copyPart(client: Client, copy: ObjectCopy, { id, part, range }: CopiedPart) {
  const { bucket, from, to } = copy;
  const headers = {
    'x-amz-copy-source': `${bucket}/${from}`,
    'x-amz-copy-source-range': range,
  };
  const copied = await client.uploadPart({
    ...{ bucketName: bucket, objectName: to, uploadID: id, partNumber: part, headers },
  });
  return { part, etag: copied.etag };
}

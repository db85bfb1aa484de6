import { sendBody } from '../api/send-body.js';

/** Failed upload of a part; `status` is undefined if the store did not respond. */
export class PartError extends Error {
  override readonly name = 'PartError';

  constructor(readonly status: number | undefined) {
    super(
      status === undefined
        ? 'The object store is not responding.'
        : `The object store rejected a part with status ${status}.`,
    );
  }
}

/**
 * Uploads bytes to a presigned URL of the store.
 * @param onSent receives the number of bytes sent so far
 * @throws PartError
 */
export async function putPart(
  url: string,
  body: Blob,
  onSent: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await sendBody({ method: 'PUT', url, body, signal, onSent });
  if (!response || response.status >= 300) throw new PartError(response?.status);
}

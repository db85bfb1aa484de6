/** A part that did not arrive: with the store's status, or without any answer. */
export class PartError extends Error {
  override readonly name = 'PartError';

  constructor(readonly status: number | undefined) {
    super(
      status === undefined
        ? 'The object store does not answer.'
        : `The object store refused a part with status ${status}.`,
    );
  }
}

/**
 * Puts bytes to an address of the store.
 * @param onSent told how many bytes of it are sent so far.
 * @throws PartError
 */
export function putPart(
  url: string,
  bytes: Blob,
  onSent: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // fetch does not tell how much it has sent.
    const put = new XMLHttpRequest();
    const stop = () => put.abort();
    put.open('PUT', url);
    put.upload.onprogress = ({ loaded }) => onSent(loaded);
    put.onload = () => (put.status < 300 ? resolve() : reject(new PartError(put.status)));
    put.onerror = () => reject(new PartError(undefined));
    put.onabort = () => reject(new DOMException('The part was stopped.', 'AbortError'));
    put.onloadend = () => signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    signal.addEventListener('abort', stop);
    put.send(bytes);
  });
}

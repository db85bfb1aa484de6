/** Response to a request sent by `sendBody`. */
interface SentResponse {
  readonly status: number;
  readonly text: string;
}

interface SendBody {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly body: Blob | FormData;
  readonly signal: AbortSignal;
  /** Receives the bytes sent so far, and their total or 0 if it is unknown. */
  readonly onSent: (sentBytes: number, totalBytes: number) => void;
}

/**
 * Sends a body and reports its progress, which fetch cannot do.
 * @returns the response with any status; undefined if the connection failed
 * @throws DOMException named `AbortError` when the signal aborts
 */
export function sendBody(options: SendBody): Promise<SentResponse | undefined> {
  const { method, url, body, signal, onSent } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open(method, url);
    request.upload.onprogress = ({ loaded, total }) => onSent(loaded, total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => resolve(undefined);
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    signal.addEventListener('abort', stop);
    request.send(body);
  });
}

/** An image of a live view. */
export interface LiveImage {
  /** Arrival of its frame, in ms since 1970: the timestamp of its row. */
  readonly timestampMs: number;
  readonly jpeg: Blob;
}

const HEAD_END = '\r\n\r\n';

/**
 * Yields the images of a `multipart/x-mixed-replace` response, whose parts have `Content-Length` and
 * `X-Timestamp`. @throws Error for a part without them
 */
export async function* readImages(response: Response): AsyncGenerator<LiveImage> {
  if (!response.body) return;
  const reader = response.body.getReader();
  let rest = new Uint8Array();
  try {
    for (;;) {
      const part = takePart(rest);
      if (part) {
        rest = part.rest;
        yield part.image;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return;
      rest = joinBytes(rest, value);
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection broke
  }
}

/** Takes the first part of some bytes; undefined while it is not complete. */
function takePart(bytes: Uint8Array<ArrayBuffer>) {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const start = headEnd + HEAD_END.length;
  const end = start + Number(headerOf(text, 'content-length'));
  const timestampMs = Date.parse(headerOf(text, 'x-timestamp'));
  if (bytes.length < end) return undefined;
  const jpeg = new Blob([bytes.subarray(start, end)], { type: 'image/jpeg' });
  return { image: { timestampMs, jpeg }, rest: bytes.slice(end) };
}

function headerOf(head: string, name: string): string {
  const found = new RegExp(`^${name}: *(.+?)\\r$`, 'im').exec(head)?.[1];
  if (found === undefined) throw new Error(`An image of the live view has no ${name}.`);
  return found;
}

function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

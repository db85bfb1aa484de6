/** An image, a coded frame or a row of a live view. */
export interface LivePart {
  /** Arrival of its frame, in ms since 1970: the timestamp of its row. */
  readonly timestampMs: number;
  readonly data: Uint8Array<ArrayBuffer>;
  /** Media type. @example 'video/h264; codecs="avc1.4d4028"' */
  readonly type: string;
  /** Whether decoding can start here. */
  readonly isKey: boolean;
}

const HEAD_END = '\r\n\r\n';

/**
 * Yields the parts of a `multipart/x-mixed-replace` response, whose parts have `Content-Length` and
 * `X-Timestamp`. @throws Error for a part without them
 */
export async function* readParts(response: Response): AsyncGenerator<LivePart> {
  if (!response.body) return;
  const reader = response.body.getReader();
  let rest = new Uint8Array();
  try {
    for (;;) {
      const part = takePart(rest);
      if (part) {
        rest = part.rest;
        yield part.part;
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
  const head = text.slice(0, headEnd + 2);
  const start = headEnd + HEAD_END.length;
  const end = start + Number(expectHeader(head, 'content-length'));
  if (bytes.length < end) return undefined;
  const part: LivePart = {
    timestampMs: Date.parse(expectHeader(head, 'x-timestamp')),
    data: bytes.slice(start, end),
    type: headerOf(head, 'content-type') ?? '',
    isKey: headerOf(head, 'x-keyframe') !== 'false',
  };
  return { part, rest: bytes.slice(end) };
}

const headerOf = (head: string, name: string) =>
  new RegExp(`^${name}: *(.+?)\\r$`, 'im').exec(head)?.[1];

function expectHeader(head: string, name: string): string {
  const found = headerOf(head, name);
  if (found === undefined) throw new Error(`An image of the live view has no ${name}.`);
  return found;
}

function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Reads bytes of a file; fewer at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

interface Header {
  readonly id: string;
  /** Size of the header itself in bytes. */
  readonly bytes: number;
  /** Size of the content in bytes; undefined if it extends to the end of its parent. */
  readonly size: number | undefined;
}

/** Container of nested elements, each with an id and a size. */
interface Container {
  /** Ids from the top of the file to the element that states the kind of a track. */
  readonly path: readonly string[];
  /** Id of the element that exists once per track; the others of the path exist once. */
  readonly track: string;
  /** Returns undefined for bytes that are not a header. */
  readonly parseHeader: (bytes: DataView) => Header | undefined;
  /** @param content start of the content of the last element of the path */
  readonly isVideo: (content: DataView) => boolean;
}

/** Content of an element. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const HEADER_BYTES = 16;
/** Maximum number of reads, which bounds the time for a file with many elements. */
const MAX_READS = 1000;
const EBML_MAGIC = 0x1a45dfa3;
/** Boxes that an MP4 or QuickTime file begins with. */
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip']);

/** ISO 14496-12: a box is its size and type, both of four bytes, and its content. */
const MP4: Container = {
  path: ['moov', 'trak', 'mdia', 'hdlr'],
  track: 'trak',
  parseHeader: parseBox,
  isVideo: (content) => content.byteLength >= 12 && asciiAt(content, 8) === 'vide',
};

/** RFC 9559: Segment, Tracks, TrackEntry, TrackType; type 1 is video. */
const MATROSKA: Container = {
  path: ['18538067', '1654ae6b', 'ae', '83'],
  track: 'ae',
  parseHeader: parseEbml,
  isVideo: (content) => content.byteLength > 0 && content.getUint8(content.byteLength - 1) === 1,
};

/**
 * Counts the video tracks of a file without reading more than headers.
 * @param size size of the file in bytes
 * @returns undefined for a container other than MP4, QuickTime, Matroska and WebM
 */
export async function countVideoTracks(read: ReadBytes, size: number): Promise<number | undefined> {
  let reads = 0;
  const view = async (offset: number, length: number) => {
    const bytes = reads++ < MAX_READS ? await read(offset, length) : new Uint8Array();
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const container = recognize(await view(0, HEADER_BYTES));
  return container && countIn(container, view, { from: 0, to: size }, container.path);
}

type ReadView = (offset: number, length: number) => Promise<DataView>;

function recognize(start: DataView): Container | undefined {
  if (start.byteLength < 8) return undefined;
  if (start.getUint32(0) === EBML_MAGIC) return MATROSKA;
  return FIRST_BOXES.has(asciiAt(start, 4)) ? MP4 : undefined;
}

async function countIn(
  container: Container,
  view: ReadView,
  parent: Span,
  [id, ...below]: readonly string[],
): Promise<number> {
  let count = 0;
  for await (const [found, span] of childrenOf(container, view, parent)) {
    if (found !== id) continue;
    if (below.length > 0) count += await countIn(container, view, span, below);
    else if (container.isVideo(await view(span.from, lengthOf(span)))) count++;
    if (id !== container.track) break;
  }
  return count;
}

const lengthOf = ({ from, to }: Span) => Math.min(HEADER_BYTES, to - from);

async function* childrenOf(
  { parseHeader }: Container,
  view: ReadView,
  { from, to }: Span,
): AsyncGenerator<readonly [id: string, content: Span]> {
  for (let at = from; at < to;) {
    const header = parseHeader(await view(at, HEADER_BYTES));
    if (!header) return;
    const start = at + header.bytes;
    const end = header.size === undefined ? to : Math.min(to, start + header.size);
    yield [header.id, { from: start, to: end }];
    at = end;
  }
}

function parseBox(bytes: DataView): Header | undefined {
  if (bytes.byteLength < 8) return undefined;
  const id = asciiAt(bytes, 4);
  const size = bytes.getUint32(0);
  if (size === 0) return { id, bytes: 8, size: undefined };
  if (size >= 8) return { id, bytes: 8, size: size - 8 };
  if (size !== 1 || bytes.byteLength < 16) return undefined;
  return { id, bytes: 16, size: Math.max(0, Number(bytes.getBigUint64(8)) - 16) };
}

/** RFC 8794: the leading zeros of the first byte are the number of further bytes, of id and size. */
function parseEbml(bytes: DataView): Header | undefined {
  const idBytes = lengthAt(bytes, 0);
  const sizeBytes = idBytes && lengthAt(bytes, idBytes);
  if (!idBytes || !sizeBytes || bytes.byteLength < idBytes + sizeBytes) return undefined;
  let id = '';
  for (let i = 0; i < idBytes; i++) id += bytes.getUint8(i).toString(16).padStart(2, '0');
  const most = 2 ** (7 * sizeBytes) - 1;
  let size = bytes.getUint8(idBytes) & (0xff >> sizeBytes);
  for (let i = 1; i < sizeBytes; i++) size = size * 256 + bytes.getUint8(idBytes + i);
  return { id, bytes: idBytes + sizeBytes, size: size === most ? undefined : size };
}

/** Length of a number with a variable number of bytes, 1 to 8; undefined if it is not one. */
function lengthAt(bytes: DataView, at: number): number | undefined {
  const first = at < bytes.byteLength ? bytes.getUint8(at) : 0;
  return first === 0 ? undefined : Math.clz32(first) - 23;
}

function asciiAt(bytes: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));
}

import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise as openZip, type ZipFile } from 'yauzl';
import { AppError, messageOf } from '../../domain/errors.js';
import { damaged } from './errors.js';

/** The parts of a `.keras` file, unpacked. */
export interface KerasArchive {
  /** `metadata.json`: the version of Keras. */
  readonly metadata: Uint8Array;
  /** `config.json`: the layers of the model. */
  readonly config: Uint8Array;
  /** `model.weights.h5`, an HDF5 file. */
  readonly weights: Uint8Array;
}

const MIB = 1024 ** 2;
/** Names of the parts, and their maximum unpacked sizes in bytes. */
const PARTS = {
  metadata: { name: 'metadata.json', maxBytes: MIB },
  config: { name: 'config.json', maxBytes: 16 * MIB },
  weights: { name: 'model.weights.h5', maxBytes: 1024 * MIB },
} as const;
/** Maximum number of files in the archive; Keras writes three, and assets of text layers. */
const MAX_ENTRIES = 1000;

type Part = keyof typeof PARTS;

/**
 * Unpacks the parts of a `.keras` file into memory; all other files in it are ignored.
 * @throws AppError `MODEL_INVALID` for a file that is not a zip archive, is truncated, lacks a part or
 * has one above its limit.
 */
export async function readKerasArchive(path: string): Promise<KerasArchive> {
  const zip = await openZip(path, { strictFileNames: true }).catch((cause: unknown) => {
    throw damaged(`is not a complete zip archive (${messageOf(cause)})`, cause);
  });
  try {
    return await readParts(zip);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw damaged(`is damaged (${messageOf(cause)})`, cause);
  } finally {
    zip.close();
  }
}

async function readParts(zip: ZipFile): Promise<KerasArchive> {
  const { entryCount } = zip;
  if (entryCount > MAX_ENTRIES)
    throw damaged(`has ${entryCount} files, of which at most ${MAX_ENTRIES} are allowed`);
  const found = new Map<Part, Uint8Array>();
  for await (const entry of zip.eachEntry()) {
    const part = partOf(entry);
    if (!part) continue;
    if (found.has(part)) throw damaged(`contains ${entry.fileName} twice`);
    expectSize(entry, PARTS[part].maxBytes);
    found.set(part, await unpack(zip, entry));
  }
  const get = (part: Part) => found.get(part) ?? missing(PARTS[part].name);
  return { metadata: get('metadata'), config: get('config'), weights: get('weights') };
}

function partOf({ fileName }: Entry): Part | undefined {
  return (Object.keys(PARTS) as Part[]).find((part) => PARTS[part].name === fileName); // its keys
}

/** The stream fails if the content is not exactly of the declared size. */
async function unpack(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const content = await buffer(await zip.openReadStreamPromise(entry));
  if (crc32(content) === entry.crc32) return content;
  throw damaged(`is damaged: the checksum of ${entry.fileName} differs`);
}

function expectSize({ fileName, uncompressedSize }: Entry, maxBytes: number): void {
  if (uncompressedSize <= maxBytes) return;
  throw new AppError(
    'MODEL_INVALID',
    `contains ${fileName} of ${uncompressedSize} bytes, which is more than the limit of ${maxBytes / MIB} MiB. Use a smaller model, or convert it to ONNX in Python.`,
  );
}

function missing(name: string): never {
  throw damaged(`does not contain ${name}, so it is not a model saved by Keras 3`);
}

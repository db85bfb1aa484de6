import type { Dataset, Entity, File, Group } from 'h5wasm';
import { damaged, notConverted } from './errors.js';

/** A variable of a layer. */
export interface Variable {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The weights of a model, by the paths of their groups. */
export interface WeightsFile {
  /** Returns the variables of a layer in Keras' order; empty if it has none. */
  readonly variables: (path: string) => readonly Variable[];
  /** Returns the names of the groups in `path` by the names of the layers that they state. */
  readonly groupsByLayer: (path: string) => ReadonlyMap<string, string>;
  readonly close: () => void;
}

/** Maximum size of all variables in bytes: compression and fill values can make them larger than the file. */
const MAX_BYTES = 1024 ** 3;
/** Maximum number of variables of a layer. */
const MAX_VARIABLES = 16;
/** `H5T_INTEGER` and `H5T_FLOAT`. */
const NUMBERS = [0, 1];
/** Size of float32 in bytes; the library does not read shorter floating-point numbers. */
const MIN_SIZE = 4;
const PATH = 'model.weights.h5';

/**
 * Opens weights in HDF5. The library sees no files but this one, in memory, so links to files of this
 * machine do not resolve.
 * @throws AppError `MODEL_INVALID` for a file that is not HDF5.
 */
export async function openWeights(bytes: Uint8Array): Promise<WeightsFile> {
  // Loaded on use: it compiles 3 MB of WebAssembly.
  const { default: h5wasm, ready } = await import('h5wasm');
  const library = await ready;
  // Otherwise the library writes to the standard error output.
  library.activate_throwing_error_handler();
  const { FS: files } = library;
  files.writeFile(PATH, bytes);
  const file = openFile(() => new h5wasm.File(PATH, 'r'));
  const source: Source = {
    group: (path) => instanceAt(file, path, h5wasm.Group),
    dataset: (path) => instanceAt(file, path, h5wasm.Dataset),
    bytesLeft: MAX_BYTES,
  };
  return {
    variables: (path) => readVariables(source, path),
    groupsByLayer: (path) => readNames(source, path),
    close: () => {
      file.close();
      files.unlink(PATH);
    },
  };
}

/** An open file, and how many more bytes may be read. */
interface Source {
  readonly group: (path: string) => Group | undefined;
  readonly dataset: (path: string) => Dataset | undefined;
  bytesLeft: number;
}

function instanceAt<T extends Entity>(
  file: File,
  path: string,
  Kind: new (...args: never[]) => T,
): T | undefined {
  const entity = file.get(path);
  return entity instanceof Kind ? entity : undefined;
}

function openFile(open: () => File): File {
  try {
    return open();
  } catch (cause) {
    throw damaged('has weights that are not a complete HDF5 file', cause);
  }
}

function readVariables(source: Source, path: string): readonly Variable[] {
  const names = source.group(`${path}/vars`)?.keys() ?? [];
  if (names.length > MAX_VARIABLES)
    throw damaged(`has ${names.length} variables in ${path}, the limit is ${MAX_VARIABLES}`);
  return names.map((_, index) => readVariable(source, `${path}/vars/${index}`));
}

function readVariable(source: Source, path: string): Variable {
  const dataset = source.dataset(path);
  if (!dataset) throw damaged(`has no weights at ${path}`);
  const { shape, type, size, virtual_sources: sources } = dataset.metadata;
  if (!NUMBERS.includes(type) || shape === null || sources)
    throw notConverted(`has weights at ${path} that are not numbers`);
  if (size < MIN_SIZE)
    throw notConverted(`has weights at ${path} of ${8 * size} bits, at least 32 are required`);
  source.bytesLeft -= size * shape.reduce((product, length) => product * length, 1);
  if (!(source.bytesLeft >= 0))
    throw damaged(`has weights of more than ${MAX_BYTES / 1024 ** 2} MiB, which is the limit`);
  const values = dataset.value;
  if (values instanceof Float32Array) return { shape, values };
  // The counter of `Normalization` is an integer without dimensions.
  if (typeof values === 'number') return { shape, values: Float32Array.of(values) };
  if (values instanceof Float64Array || values instanceof Int32Array)
    return { shape, values: Float32Array.from(values) };
  throw notConverted(`has weights at ${path} of a type that is not supported`);
}

function readNames(source: Source, path: string): ReadonlyMap<string, string> {
  const groups = source.group(path)?.keys() ?? [];
  const named = groups.flatMap((name): [string, string][] => {
    const layer = source.group(`${path}/${name}/vars`)?.attrs['name']?.value;
    return typeof layer === 'string' ? [[layer, name]] : [];
  });
  return new Map(named);
}

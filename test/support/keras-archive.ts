import { downloadZip } from 'client-zip';
import type { File } from 'h5wasm';

/** Bytes of a `.keras` file with these parts. */
export async function zipKeras(parts: {
  readonly config: unknown;
  readonly weights: Uint8Array;
  readonly metadata?: unknown;
}): Promise<Buffer> {
  const { config, weights, metadata = { keras_version: '3.15.1' } } = parts;
  const entries = [
    { name: 'metadata.json', input: JSON.stringify(metadata) },
    { name: 'config.json', input: JSON.stringify(config) },
    { name: 'model.weights.h5', input: Buffer.from(weights) },
  ];
  return Buffer.from(await downloadZip(entries).arrayBuffer());
}

/** Bytes of an HDF5 file that `write` fills. */
export async function writeHdf5(write: (file: File) => void): Promise<Uint8Array> {
  const { default: library, ready } = await import('h5wasm');
  const { FS: files } = await ready;
  const file = new library.File('written.h5', 'w');
  try {
    write(file);
  } finally {
    file.close();
  }
  return files.readFile('written.h5');
}

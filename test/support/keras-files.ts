import { readFileSync } from 'node:fs';

interface KerasFixture {
  readonly side: number;
  readonly files: Readonly<
    Record<string, { readonly file: string; readonly output?: readonly number[] }>
  >;
}

const { side, files } = JSON.parse(
  readFileSync(new URL('../fixtures/models/keras-files.json', import.meta.url), 'utf8'),
) as KerasFixture; // see make-keras-files.py

/** Bytes of a `.keras` file of the fixture. */
export function kerasFile(name: string): Buffer {
  const entry = files[name];
  if (entry) return Buffer.from(entry.file, 'base64');
  throw new Error(`No file ${name} in keras-files.json`);
}

/** Names of the files that can be converted, with what Keras computes for {@link KERAS_IMAGE}. */
export const KERAS_OUTPUTS: readonly (readonly [string, readonly number[]])[] = Object.entries(
  files,
).flatMap(([name, { output }]) => (output ? [[name, output] as const] : []));

/** Values of the image of the fixture, with the channels last, and its dimensions. */
export const KERAS_IMAGE = {
  dims: [1, side, side, 3],
  values: Float32Array.from({ length: 3 * side * side }, (_, i) => (17 * i) % 256),
} as const;

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeadState } from './head-trainer.js';

/** Files from which a later attempt continues. */
export interface Checkpoint {
  /** Reads the features of a slice of images; undefined if they are not stored. */
  readonly readFeatures: (slice: number) => Promise<Float32Array | undefined>;
  readonly writeFeatures: (slice: number, features: Float32Array) => Promise<void>;
  /** Reads the state of the training; undefined before the first one. */
  readonly readState: () => Promise<HeadState | undefined>;
  readonly writeState: (state: HeadState) => Promise<void>;
}

const STATE = 'state.f64';

/** Opens the checkpoint in a folder; each file is complete or absent. */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  await mkdir(folder, { recursive: true });
  const featuresOf = (slice: number) => join(folder, `features-${slice}.f32`);
  const state = join(folder, STATE);
  return {
    readFeatures: async (slice) => {
      const bytes = await readIfPresent(featuresOf(slice));
      return bytes && new Float32Array(bytes);
    },
    writeFeatures: (slice, features) => writeWhole(featuresOf(slice), features),
    readState: async () => {
      const bytes = await readIfPresent(state);
      return bytes && decodeState(new Float64Array(bytes));
    },
    writeState: (current) => writeWhole(state, encodeState(current)),
  };
}

/** Step, loss (NaN for none), weights, and weights one step before. */
function encodeState({ step, loss, weights, previous }: HeadState): Float64Array {
  const values = new Float64Array(2 + 2 * weights.length);
  values.set([step, loss ?? NaN]);
  values.set(weights, 2);
  values.set(previous, 2 + weights.length);
  return values;
}

function decodeState(values: Float64Array): HeadState {
  const [step = 0, loss = NaN] = values;
  const length = (values.length - 2) / 2;
  return {
    ...{ step, loss: Number.isNaN(loss) ? null : loss },
    weights: values.slice(2, 2 + length),
    previous: values.slice(2 + length),
  };
}

async function readIfPresent(path: string): Promise<ArrayBuffer | undefined> {
  if (!existsSync(path)) return undefined;
  return Uint8Array.from(await readFile(path)).buffer; // aligned
}

async function writeWhole(path: string, values: Float32Array | Float64Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, values);
  await rename(draft, path);
}

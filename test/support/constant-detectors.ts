import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../domain/hash.js';
import type { KnownModel } from '../../models/catalogue.js';
import { writeOnnx } from '../../models/onnx/write-onnx.js';
import { modelManifest } from './model-manifests.js';

/** A detector that finds the same boxes in every frame. */
export interface ConstantDetector {
  readonly name: string;
  /** Side of its input in pixels. */
  readonly side: number;
  readonly labels: readonly string[];
  /** Corners as shares of the frame, confidence and class id of each box. */
  readonly rows: readonly (readonly number[])[];
}

/** Writes such a detector into a folder. */
export async function writeConstantDetector(
  folder: string,
  { name, side, labels, rows }: ConstantDetector,
): Promise<{ readonly path: string; readonly manifest: KnownModel }> {
  const dims = [1, rows.length, 6];
  const bytes = writeOnnx({
    ...{ name, opset: 13, metadata: {} },
    inputs: [{ name: 'frame', type: 'float32', dims: [1, 3, side, side] }],
    outputs: [{ name: 'detections', type: 'float32', dims }],
    nodes: [{ operation: 'Identity', inputs: ['boxes'], outputs: ['detections'] }],
    weights: [{ name: 'boxes', dims, values: Float32Array.from(rows.flat()) }],
  });
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, bytes);
  const { version: _, ...manifest } = modelManifest({
    ...{ name, sha256: sha256(bytes), size_bytes: bytes.length, labels: [...labels] },
    output: { family: 'end-to-end', tensor: 'detections', coordinates: 'normalised' },
  });
  const input = { ...manifest.input, tensor: 'frame', width: side, height: side };
  return { path, manifest: { ...manifest, input } };
}

/** Two detectors whose classes overlap: both find a car, one a person, one a truck. */
export const CITY: ConstantDetector = {
  ...{ name: 'city', side: 64, labels: ['car', 'person'] },
  rows: [
    [0.25, 0.25, 0.75, 0.75, 0.8, 0],
    [0.125, 0.125, 0.25, 0.25, 0.6, 1],
  ],
};
export const ROAD: ConstantDetector = {
  ...{ name: 'road', side: 32, labels: ['person', 'truck', 'car'] },
  rows: [
    [0.25, 0.25, 0.75, 0.75, 0.6, 2],
    [0.5, 0.5, 1, 1, 0.5, 1],
  ],
};

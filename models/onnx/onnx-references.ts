import { readFile } from 'node:fs/promises';
import type { OnnxReferences } from '../../domain/ports/model-source.js';
import { parseOnnx } from './onnx-file.js';

/** Reads what an ONNX file refers to; its data files may be missing. @throws AppError `MODEL_INVALID`. */
export async function readOnnxReferences(path: string): Promise<OnnxReferences> {
  const { externalFiles, metadata } = parseOnnx(await readFile(path), path);
  return { externalFiles, hasLabels: metadata.names !== undefined };
}

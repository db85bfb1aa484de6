import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256OfFile } from '../../platform/file-hash.js';
import type { ModelDataFile } from '../../domain/model/model-manifest.js';
import type { KnownModel } from '../catalogue.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';

/** Hashes and sizes of a model's files, as in its manifest. */
export type Content = Pick<KnownModel, 'sha256' | 'size_bytes' | 'files'>;

/** Computes the hashes and sizes of an ONNX file and its data files. */
export async function readContent(
  path: string,
  { externalFiles }: Pick<OnnxFacts, 'externalFiles'>,
): Promise<Content> {
  const files: ModelDataFile[] = [];
  for (const name of externalFiles) {
    files.push({ name, ...(await hashFile(join(dirname(path), name))) });
  }
  return { ...(await hashFile(path)), ...(files.length > 0 && { files }) };
}

async function hashFile(path: string) {
  return { sha256: await sha256OfFile(path), size_bytes: (await stat(path)).size };
}

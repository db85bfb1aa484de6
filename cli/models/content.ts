import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256OfFile } from '../../platform/file-hash.js';
import type { ModelDataFile } from '../../domain/model/model-manifest.js';
import type { KnownModel } from '../../models/catalogue.js';
import type { OnnxFacts } from '../../models/onnx/onnx-file.js';

/** The bytes of a model, as its manifest tells them. */
export type Content = Pick<KnownModel, 'sha256' | 'size_bytes' | 'files'>;

/** What a manifest tells of the bytes of an ONNX file that was read, and of its data files. */
export async function contentOf(
  path: string,
  { externalFiles }: Pick<OnnxFacts, 'externalFiles'>,
): Promise<Content> {
  const files: ModelDataFile[] = [];
  for (const name of externalFiles) {
    files.push({ name, ...(await bytesOf(join(dirname(path), name))) });
  }
  return { ...(await bytesOf(path)), ...(files.length > 0 && { files }) };
}

async function bytesOf(path: string) {
  return { sha256: await sha256OfFile(path), size_bytes: (await stat(path)).size };
}

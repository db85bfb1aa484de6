import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detection } from '../../domain/result/detection.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import { type Answers, type ModelDraft, recognise } from '../../models/recognise/index.js';

/** Small networks by Python's `onnx`, with what they find; how they were made stands beside them. */
interface TestNetwork {
  readonly files: Readonly<Record<string, string>>;
  readonly detections?: readonly Detection[];
  readonly confidences?: readonly number[];
}

const networks = JSON.parse(
  readFileSync(new URL('../fixtures/models/networks.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, TestNetwork>>; // see make-networks.py

/** A network of the fixture. */
export function testNetwork(name: string): TestNetwork {
  const network = networks[name];
  if (network) return network;
  throw new Error(`No network ${name} in networks.json`);
}

/** Puts a network of the fixture into a folder of its own; resolves with its path. */
export async function placeNetwork(folder: string, name: string): Promise<string> {
  const path = join(folder, name, 'model.onnx');
  await mkdir(join(folder, name), { recursive: true });
  for (const [file, content] of Object.entries(testNetwork(name).files)) {
    await writeFile(join(folder, name, file), Buffer.from(content, 'base64'));
  }
  return path;
}

/** What is concluded of a file without another question. */
export async function recognised(path: string, answers: Answers): Promise<ModelDraft> {
  const { draft, questions } = recognise(await readOnnxFile(path), answers);
  if (draft) return draft;
  throw new Error(`Open: ${questions.map(({ ask }) => ask).join(' ')}`);
}

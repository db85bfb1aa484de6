import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detection } from '../../domain/result/detection.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import { type Answers, type ModelDraft, recognise } from '../../models/recognise/index.js';

/** Small models by Python's `onnx`, with their detections; made by make-small-models.py. */
interface FixtureModel {
  readonly files: Readonly<Record<string, string>>;
  readonly detections?: readonly Detection[];
  readonly confidences?: readonly number[];
}

const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/models/small-models.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, FixtureModel>>; // see make-small-models.py

/** A model of the fixture. */
export function fixtureModel(name: string): FixtureModel {
  const model = fixtures[name];
  if (model) return model;
  throw new Error(`No model ${name} in small-models.json`);
}

/** Writes a model of the fixture into a separate folder; resolves with its path. */
export async function writeFixtureModel(folder: string, name: string): Promise<string> {
  const path = join(folder, name, 'model.onnx');
  await mkdir(join(folder, name), { recursive: true });
  for (const [file, content] of Object.entries(fixtureModel(name).files)) {
    await writeFile(join(folder, name, file), Buffer.from(content, 'base64'));
  }
  return path;
}

/** Recognises a file without further answers of the user. */
export async function recogniseFile(path: string, answers: Answers): Promise<ModelDraft> {
  const { draft, questions } = recognise(await readOnnxFile(path), answers);
  if (draft) return draft;
  throw new Error(`Open: ${questions.map(({ ask }) => ask).join(' ')}`);
}

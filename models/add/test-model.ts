import { resolve } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { expectManifest } from '../../domain/model/model-manifest.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { isId } from '../../domain/names.js';
import { readTestImage, type TestImage } from '../../sample/test-image.js';
import type { KnownModel } from '../catalogue.js';
import type { Answers, Conclusion } from '../recognise/index.js';
import { examine, type Examined, type ExamineRequest } from './examine.js';
import type { ModelRuns } from './model-runs.js';
import type { SelfTest } from './self-test.js';

/** Licence recorded when neither the file nor the user states one. */
export const UNKNOWN_LICENCE = 'unknown';

export interface TestRequest {
  readonly path: string;
  readonly runs: Pick<ModelRuns, 'measureOutputs' | 'selfTest'>;
  readonly answers: Answers;
  readonly answer: ExamineRequest['answer'];
  readonly name?: string;
  readonly licence?: string;
  readonly sha256?: string;
  /** Origin of the file; default: its path. */
  readonly source?: string;
  readonly image?: TestImage;
  readonly onConcluded?: (concluded: readonly Conclusion[]) => void;
  readonly onTested?: (test: SelfTest) => void;
  /** Called after the test; rejects if the model must not be kept. */
  readonly confirm?: (manifest: KnownModel) => Promise<void>;
}

/** A model that was recognised and tested. */
export interface Tested {
  readonly manifest: KnownModel;
  readonly concluded: readonly Conclusion[];
  readonly test: SelfTest;
}

/**
 * Examines an ONNX file and runs it on an image.
 * @throws AppError `MODEL_INVALID` for a file that cannot be run, `INVALID_INPUT` for open questions.
 */
export async function testModel(request: TestRequest): Promise<Tested> {
  const { path, runs, onTested } = request;
  const name = expectName(request.name ?? modelNameOf(path));
  const examined = await examine(request);
  const { concluded } = examined;
  request.onConcluded?.(concluded);
  const manifest = manifestOf(name, examined, request);
  expectManifest(manifest);
  const image = request.image ?? (await readTestImage());
  const options = { manifest, modelPath: resolve(path), threads: 1, device: 'cpu' } as const;
  const test = await runs.selfTest(options, image);
  onTested?.(test);
  await request.confirm?.(manifest);
  return { manifest, concluded, test };
}

/** Checks the name of a new model. @throws AppError `INVALID_INPUT`. */
export function expectName(name: string): string {
  if (name === MOCK_MODEL_NAME) {
    throw new AppError(
      'INVALID_INPUT',
      `The name "${MOCK_MODEL_NAME}" is reserved for the mock model; choose another name.`,
    );
  }
  if (isId(name)) return name;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a name of at most 128 letters, digits, "_" or "-", received ${JSON.stringify(name.slice(0, 80))}.`,
  );
}

/** Origin of a file, as in its manifest. */
export function sourceOf(path: string): string {
  return `file ${resolve(path)}`;
}

/** Builds the manifest of an examined file; values from the user take precedence. */
export function manifestOf(
  name: string,
  { content, draft, ...stated }: Examined,
  { path, licence, source }: Pick<TestRequest, 'path' | 'licence' | 'source'>,
): KnownModel {
  return {
    name,
    ...content,
    ...draft,
    licence: licence ?? stated.licence ?? UNKNOWN_LICENCE,
    source: source ?? stated.source ?? sourceOf(path),
  };
}

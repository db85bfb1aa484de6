import { resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { expectManifest } from '../../domain/model/model-manifest.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { isId } from '../../domain/names.js';
import type { KnownModel } from '../../models/catalogue.js';
import type { Answers, Conclusion } from '../../models/recognise/index.js';
import { keepModel } from './added-folder.js';
import { examine, type Examined, type ExamineRequest } from './examine.js';
import { selfTest, type SelfTest, type TestImage, readTestImage } from './self-test.js';

/** Licence recorded when neither the file nor the user states one. */
export const UNKNOWN_LICENCE = 'unknown';

export interface AddRequest {
  readonly config: Pick<Config, 'dataDir'>;
  readonly path: string;
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

export interface Added {
  /** Path of the copy in the data folder. */
  readonly path: string;
  readonly manifest: KnownModel;
  readonly concluded: readonly Conclusion[];
  readonly test: SelfTest;
}

/**
 * Examines a model file, runs it on an image and copies it to the data folder.
 * @throws AppError `MODEL_INVALID` for a file that cannot be run, `INVALID_INPUT` for open questions.
 */
export async function addModel(request: AddRequest): Promise<Added> {
  const { config, path, onTested } = request;
  const name = expectName(request.name ?? modelNameOf(path));
  const examined = await examine(request);
  const { concluded } = examined;
  request.onConcluded?.(concluded);
  const manifest = manifestOf(name, examined, request);
  expectManifest(manifest);
  const image = request.image ?? (await readTestImage());
  const options = { manifest, modelPath: resolve(path), threads: 1, device: 'cpu' } as const;
  const test = await selfTest(options, image);
  onTested?.(test);
  await request.confirm?.(manifest);
  return { ...(await keepModel(config, path, manifest)), concluded, test };
}

function expectName(name: string): string {
  if (name === MOCK_MODEL_NAME) {
    throw new AppError(
      'INVALID_INPUT',
      `The name "${MOCK_MODEL_NAME}" is reserved for the mock model; choose another --name.`,
    );
  }
  if (isId(name)) return name;
  throw new AppError(
    'INVALID_INPUT',
    `Expected --name of at most 128 letters, digits, "_" or "-", received ${JSON.stringify(name.slice(0, 80))}.`,
  );
}

/** Builds the manifest of an examined file; values from the user take precedence. */
export function manifestOf(
  name: string,
  { content, draft, ...stated }: Examined,
  { path, licence, source }: Pick<AddRequest, 'path' | 'licence' | 'source'>,
): KnownModel {
  return {
    name,
    ...content,
    ...draft,
    licence: licence ?? stated.licence ?? UNKNOWN_LICENCE,
    source: source ?? stated.source ?? `file ${resolve(path)}`,
  };
}

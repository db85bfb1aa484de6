import { resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { isId } from '../../domain/names.js';
import type { KnownModel } from '../../models/catalogue.js';
import type { Answers, Conclusion } from '../../models/recognise/index.js';
import { keepModel } from './added-folder.js';
import { examine, type Examined, type ExamineRequest } from './examine.js';
import { selfTest, type SelfTest, type TestPicture, testPicture } from './self-test.js';

/** What a licence is called that neither the file nor its user tells. */
export const UNKNOWN_LICENCE = 'unknown';

export interface AddRequest {
  readonly config: Pick<Config, 'dataDir'>;
  readonly path: string;
  readonly answers: Answers;
  readonly answer: ExamineRequest['answer'];
  readonly name?: string;
  readonly licence?: string;
  readonly sha256?: string;
  /** Where the file comes from; default: its path. */
  readonly source?: string;
  readonly picture?: TestPicture;
  readonly onConcluded?: (concluded: readonly Conclusion[]) => void;
  readonly onTested?: (test: SelfTest) => void;
  /** Rejects when the model, once tested, is not to be kept. */
  readonly confirm?: (manifest: KnownModel) => Promise<void>;
}

export interface Added {
  /** The copy of the file in the data folder. */
  readonly path: string;
  readonly manifest: KnownModel;
  readonly concluded: readonly Conclusion[];
  readonly test: SelfTest;
}

/**
 * Reads a model file, concludes what it is, runs it on a picture, and keeps it in the data folder.
 * @throws AppError for a file that is no network that can be run, and for questions left open.
 */
export async function addModel(request: AddRequest): Promise<Added> {
  const { config, path, onTested } = request;
  const name = checkName(request.name ?? modelNameOf(path));
  const examined = await examine(request);
  const { concluded } = examined;
  request.onConcluded?.(concluded);
  const manifest = manifestOf(name, examined, request);
  const picture = request.picture ?? (await testPicture());
  const options = { manifest, modelPath: resolve(path), threads: 1, device: 'cpu' } as const;
  const test = await selfTest(options, picture);
  onTested?.(test);
  await request.confirm?.(manifest);
  return { ...(await keepModel(config, path, manifest)), concluded, test };
}

function checkName(name: string): string {
  if (name === MOCK_MODEL_NAME) {
    throw new AppError(
      'INVALID_INPUT',
      `"${MOCK_MODEL_NAME}" is the network that Vidette makes; give this one another --name.`,
    );
  }
  if (isId(name)) return name;
  throw new AppError(
    'INVALID_INPUT',
    `Expected --name of at most 128 letters, digits, "_" or "-", received ${JSON.stringify(name.slice(0, 80))}.`,
  );
}

/** The manifest of an examined file; what a person says goes before what the file says. */
export function manifestOf(
  name: string,
  { content, network, ...told }: Examined,
  { path, licence, source }: Pick<AddRequest, 'path' | 'licence' | 'source'>,
): KnownModel {
  return {
    name,
    ...content,
    ...network,
    licence: licence ?? told.licence ?? UNKNOWN_LICENCE,
    source: source ?? told.source ?? `file ${resolve(path)}`,
  };
}

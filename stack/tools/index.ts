import { resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import type { OnStep } from '../on-step.js';
import { documentStoreTool, type DocumentStoreKind } from './document-store.js';
import { ffmpegTool } from './ffmpeg.js';
import { findTool, type Tool } from './find-tool.js';
import { minioTool } from './minio.js';
import { temporalTool } from './temporal.js';

export type { DocumentStoreKind } from './document-store.js';

/** Absolute paths of the servers' executables. */
export interface ServerTools {
  readonly temporal: string;
  readonly minio: string;
  readonly documentStore: { readonly path: string; readonly kind: DocumentStoreKind };
}

/** Absolute paths of all executables. */
export interface Tools extends ServerTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

export interface FindToolsOptions {
  readonly config: Config;
  readonly onStep: OnStep;
  /** Document store that created the data folder. */
  readonly documentStoreKind?: DocumentStoreKind;
}

/** Finds or installs the three servers. @throws AppError `SETUP_FAILED`. */
async function findServerTools(options: FindToolsOptions): Promise<ServerTools> {
  const context = contextOf(options);
  const find = (tool: Tool) => findTool(tool, context);
  const temporal = await find(temporalTool(context));
  const minio = await find(minioTool(context));
  const store = await find(documentStoreTool(context, options.documentStoreKind));
  return {
    temporal: temporal.path,
    minio: minio.path,
    documentStore: { path: store.path, kind: store.kind === 'mongod' ? 'mongod' : 'ferretdb' },
  };
}

/** Finds or installs ffmpeg and ffprobe. @throws AppError `SETUP_FAILED`. */
async function findFfmpeg(
  options: FindToolsOptions,
): Promise<{ readonly ffmpeg: string; readonly ffprobe: string }> {
  const context = contextOf(options);
  const ffmpeg = await findTool(ffmpegTool('ffmpeg', context), context);
  const ffprobe = await findTool(ffmpegTool('ffprobe', context), context);
  return { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path };
}

/** Finds or installs all executables of a stack. @throws AppError `SETUP_FAILED`. */
export async function findTools(options: FindToolsOptions): Promise<Tools> {
  return { ...(await findFfmpeg(options)), ...(await findServerTools(options)) };
}

function contextOf({ config, onStep }: FindToolsOptions) {
  return { config, onStep, binDir: resolve(config.cacheDir, 'bin') };
}

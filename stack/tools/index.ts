import { allOrFail } from '../all-or-fail.js';
import { documentStoreTool, type DocumentStoreKind } from './document-store.js';
import { ffmpegTool } from './ffmpeg.js';
import { findTool } from './find-tool.js';
import { minioTool } from './minio.js';
import { temporalTool } from './temporal.js';
import { createToolContext, type ToolContext, type ToolContextOptions } from './tool-context.js';

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

export interface FindToolsOptions extends ToolContextOptions {
  /** Document store that created the data folder. */
  readonly documentStoreKind?: DocumentStoreKind | undefined;
}

/**
 * Finds or installs all executables of a stack, at the same time.
 * @throws AppError `SETUP_FAILED` with every tool that is missing and every way that was tried.
 */
export async function findTools({
  documentStoreKind,
  ...options
}: FindToolsOptions): Promise<Tools> {
  const context = createToolContext(options);
  const [video, temporal, minio, store] = await allOrFail(
    findFfmpeg(context),
    findTool(temporalTool(context), context),
    findTool(minioTool(context), context),
    findTool(documentStoreTool(context, documentStoreKind), context),
  );
  return {
    ...video,
    temporal: temporal.path,
    minio: minio.path,
    documentStore: { path: store.path, kind: store.kind === 'mongod' ? 'mongod' : 'ferretdb' },
  };
}

/** One after the other, because one download contains both. */
async function findFfmpeg(
  context: ToolContext,
): Promise<{ readonly ffmpeg: string; readonly ffprobe: string }> {
  const ffmpeg = await findTool(ffmpegTool('ffmpeg', context), context);
  const ffprobe = await findTool(ffmpegTool('ffprobe', context), context);
  return { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path };
}

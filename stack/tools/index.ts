import { allOrFail } from '../all-or-fail.js';
import { documentStoreTool, type DocumentStoreKind } from './document-store.js';
import { ffmpegTool } from './ffmpeg.js';
import { findTool } from './find-tool.js';
import { objectStoreTool, type ObjectStoreKind } from './object-store.js';
import { temporalTool } from './temporal.js';
import { createToolContext, type ToolContext, type ToolContextOptions } from './tool-context.js';

export type { DocumentStoreKind } from './document-store.js';
export type { ObjectStoreKind } from './object-store.js';

/** Absolute paths of the servers' executables. */
export interface ServerTools {
  readonly temporal: string;
  readonly objectStore: { readonly path: string; readonly kind: ObjectStoreKind };
  readonly documentStore: { readonly path: string; readonly kind: DocumentStoreKind };
}

/** Absolute paths of all executables. */
export interface Tools extends ServerTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** Stores that created a data folder; undefined in a new one. */
export interface StoreKinds {
  readonly objectStore?: ObjectStoreKind | undefined;
  readonly documentStore?: DocumentStoreKind | undefined;
}

export interface FindToolsOptions extends ToolContextOptions {
  /** Stores that created the data folder. */
  readonly kinds?: StoreKinds;
}

/**
 * Finds or installs all executables of a stack, at the same time.
 * @throws AppError `SETUP_FAILED` with every tool that is missing and every way that was tried.
 */
export async function findTools({ kinds, ...options }: FindToolsOptions): Promise<Tools> {
  const context = createToolContext(options);
  const [video, temporal, objects, documents] = await allOrFail(
    findFfmpeg(context),
    findTool(temporalTool(context), context),
    findTool(objectStoreTool(context, kinds?.objectStore), context),
    findTool(documentStoreTool(context, kinds?.documentStore), context),
  );
  return {
    ...video,
    temporal: temporal.path,
    objectStore: { path: objects.path, kind: objects.kind === 'minio' ? 'minio' : 'versitygw' },
    documentStore: {
      path: documents.path,
      kind: documents.kind === 'mongod' ? 'mongod' : 'ferretdb',
    },
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

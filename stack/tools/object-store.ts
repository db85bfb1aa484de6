import type { Tool } from './find-tool.js';
import { minioSources } from './minio.js';
import type { ToolContext } from './tool-context.js';
import { versitygwSources } from './versitygw.js';

export type ObjectStoreKind = 'versitygw' | 'minio';

const VARIABLES = { versitygw: 'VIDETTE_VERSITYGW', minio: 'VIDETTE_MINIO' } as const;

/**
 * versitygw, or MinIO if only VIDETTE_MINIO is set. They cannot read each other's files: `kind` selects
 * the one that created a data folder.
 */
export function objectStoreTool(context: ToolContext, kind?: ObjectStoreKind): Tool {
  const { tools } = context.config;
  const configured = tools.versitygw === undefined && tools.minio !== undefined;
  const preferred = configured ? 'minio' : 'versitygw';
  const name = kind ?? preferred;
  const other = name === 'minio' ? 'versitygw' : 'minio';
  if (kind !== undefined && tools[other] !== undefined && tools[kind] === undefined) {
    context.onStep(`Ignoring ${VARIABLES[other]}: this data folder was created with ${kind}.`);
  }
  const sources = name === 'minio' ? minioSources(context) : versitygwSources(context);
  const manualSteps = `put \`${name}\` on PATH; or install Go 1.25 or newer (https://go.dev/dl) and try again; or set ${VARIABLES[name]} to the executable.`;
  return { name, ...sources, manualSteps };
}

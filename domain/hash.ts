import { createHash } from 'node:crypto';
import type { ModelManifest } from './model/model-manifest.js';
import { isId } from './names.js';
import { WORKFLOW_ID_PREFIX } from './workflow-ids.js';

/** SHA-256 of bytes that arrive in chunks, in lower-case hexadecimal. */
export async function sha256OfChunks(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** SHA-256 of a text or of bytes, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys, so that equal values have equal texts; undefined members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** @example slug('Ein Video (2).MP4') // 'ein-video-2' */
export function slug(fileName: string): string {
  const stem = fileName.replace(/\.[^.]*$/, '').normalize('NFKD');
  const words = stem.toLowerCase().match(/[a-z0-9]+/g) ?? ['video'];
  return words.join('-').slice(0, 64).replace(/-$/, '');
}

/** Id of a video: its name's slug and the first 12 digits of its content's SHA-256. */
export function videoIdOf(fileName: string, contentSha256: string): string {
  return `${slug(fileName)}-${contentSha256.slice(0, 12)}`;
}

/** The bytes of a model: its ONNX file and its data files. */
export type ModelContent = Pick<ModelManifest, 'sha256' | 'files'>;
/** Fields of a model that affect its detections: its bytes, input and output. */
export type ModelBehaviour = ModelContent &
  Pick<ModelManifest, 'task' | 'input' | 'output' | 'labels'>;

/** Identity of a model's bytes: the same ONNX file with other data files has another one. */
export function modelContentHash({ sha256: file, files }: ModelContent): string {
  return files ? sha256(canonicalJson({ sha256: file, files })) : file;
}

/** Identity of a model's behaviour; excludes name, version, licence and source. */
export function modelBehaviourHash(model: ModelBehaviour): string {
  const { sha256: file, files, task, input, output, labels } = model;
  return sha256(canonicalJson({ sha256: file, files, task, input, output, labels }));
}

/** Identity of a job: the bytes of the video, the model's behaviour, the parameters. */
export interface Fingerprint {
  readonly videoEtag: string;
  readonly model: ModelBehaviour;
  readonly parameters: object;
}

/** SHA-256 of a fingerprint. */
export function fingerprintOf({ videoEtag, model, parameters }: Fingerprint): string {
  return sha256(canonicalJson({ videoEtag, model: modelBehaviourHash(model), parameters }));
}

/** Id of the event that a submission makes: the same submission is the same event. */
export function eventIdOf(videoId: string, fingerprint: string): string {
  return `${videoId.slice(0, 100)}-${fingerprint.slice(0, 12)}`;
}

/**
 * Id of the event of a workflow that was started without one: the workflow id less its prefix,
 * other characters become "-", and a text that is too long gets a hash.
 * @example eventIdOfWorkflow('nightly/2026-01-01T00:00:00Z') // 'nightly-2026-01-01T00-00-00Z'
 */
export function eventIdOfWorkflow(workflowId: string): string {
  const bare = workflowId.startsWith(WORKFLOW_ID_PREFIX)
    ? workflowId.slice(WORKFLOW_ID_PREFIX.length)
    : workflowId;
  const text = bare.replace(/[^A-Za-z0-9_-]/g, '-');
  return isId(text) ? text : `${text.slice(0, 100) || 'event'}-${sha256(workflowId).slice(0, 12)}`;
}

/**
 * Returns the event id of a run: the value of its search attribute, or one derived from its workflow id
 * if the attribute is missing or not an id, because anyone who starts workflows can set it.
 */
export function eventIdOfRun(attribute: string | undefined, workflowId: string): string {
  return attribute !== undefined && isId(attribute) ? attribute : eventIdOfWorkflow(workflowId);
}

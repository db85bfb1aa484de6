import { AppError } from '../errors.js';
import { canonicalJson, sha256 } from '../hash.js';
import { type BoxFusion, type ClassFusion, type EnsembleOutput, MEMBERS_MAX } from './ensemble.js';
import type { ModelManifest } from './model-manifest.js';

/** A model of the catalogue, and its influence in an ensemble. */
interface WeightedModel {
  readonly model: ModelManifest;
  readonly weight: number;
}

export interface EnsembleRequest {
  readonly name: string;
  readonly members: readonly WeightedModel[];
  /** Combination of boxes, if the members detect. */
  readonly boxes: Omit<BoxFusion, 'boxes'>;
  /** Combination of confidences, if the members classify. */
  readonly classes: ClassFusion['classes'];
}

/** Input of every ensemble: whole frames of bytes. */
const WHOLE_FRAMES = {
  channels: 'rgb',
  layout: 'nhwc',
  dtype: 'uint8',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  resize: { mode: 'none' },
} satisfies Partial<ModelManifest['input']>;

/**
 * Builds the manifest of an ensemble, whose SHA-256 is that of its definition in canonical JSON. Its
 * classes are those of its members, matched by name.
 * @throws AppError `INVALID_INPUT` for members that cannot be combined.
 */
export function buildEnsemble(request: EnsembleRequest): Omit<ModelManifest, 'version'> {
  const { name, members, boxes, classes } = request;
  const models = members.map(({ model }) => model);
  expectMembers(models);
  const task = expectTask(models);
  const pinned = members.map(({ model, weight }) => ({
    ...{ name: model.name, version: model.version, sha256: model.sha256, weight },
  }));
  const fuse = task === 'detect' ? { boxes: 'wbf' as const, ...boxes } : { classes };
  const output: EnsembleOutput = { family: 'ensemble', members: pinned, fuse };
  const unique = (values: readonly string[]) => [...new Set(values)];
  return {
    ...{ name, task, output, sha256: ensembleSha256({ task, output }) },
    size_bytes: Buffer.byteLength(definitionOf({ task, output })),
    input: {
      ...WHOLE_FRAMES,
      width: Math.max(...models.map(({ input }) => input.width)),
      height: Math.max(...models.map(({ input }) => input.height)),
    },
    labels: unique(models.flatMap(({ labels }) => labels)),
    licence: unique(models.map(({ licence }) => licence)).join(', '),
    source: `ensemble of ${models.map(nameOf).join(', ')}`,
  };
}

/** Task and output of an ensemble. */
interface Definition {
  readonly task: ModelManifest['task'];
  readonly output: EnsembleOutput;
}

/** SHA-256 of the definition of an ensemble, in lower-case hex. */
export function ensembleSha256(definition: Definition): string {
  return sha256(definitionOf(definition));
}

function definitionOf({ task, output: { members, fuse } }: Definition): string {
  return canonicalJson({ task, members, fuse });
}

const nameOf = ({ name, version }: ModelManifest) => `${name}@${version}`;

function expectMembers(models: readonly ModelManifest[]): void {
  const names = models.map(nameOf);
  const isUnique = new Set(names).size === names.length;
  if (models.length < 2 || models.length > MEMBERS_MAX || !isUnique) {
    throw invalid(`expected 2 to ${MEMBERS_MAX} different members, received ${names.join(', ')}`);
  }
  const nested = models.find(({ output }) => output.family === 'ensemble');
  if (nested) throw invalid(`${nameOf(nested)} is an ensemble; name its members instead`);
}

function expectTask(models: readonly ModelManifest[]): 'detect' | 'classify' {
  const tasks = models.map((model) => `${nameOf(model)} (${model.task})`).join(', ');
  const [{ task, labels }, ...others] = models as [ModelManifest, ...ModelManifest[]]; // at least two
  if (task === 'segment' || others.some((other) => other.task !== task)) {
    throw invalid(`expected members that all detect or all classify, received ${tasks}`);
  }
  if (task === 'detect') return task;
  for (const model of models) expectSameClasses(model, labels);
  return task;
}

/** Confidences can be averaged only over the same classes; their order may differ. */
function expectSameClasses(model: ModelManifest, labels: readonly string[]): void {
  const [found, expected] = [new Set(model.labels), new Set(labels)];
  const missing = (some: ReadonlySet<string>, all: ReadonlySet<string>) =>
    [...all].find((label) => !some.has(label));
  const other = missing(expected, found) ?? missing(found, expected);
  if (other !== undefined) {
    throw invalid(
      `class ${JSON.stringify(other)} is not a class of all members: classifiers need the same classes`,
    );
  }
  if (found.size === model.labels.length) return;
  throw invalid(
    `${nameOf(model)} has two classes of the same name, which cannot be matched by name`,
  );
}

function invalid(problem: string): AppError {
  return new AppError('INVALID_INPUT', `The ensemble cannot be created: ${problem}.`);
}

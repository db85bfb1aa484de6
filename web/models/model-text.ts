import type { Model, ModelAlias, Retraining } from '../../api/types.js';
import { formatBytes, formatCount, joinFacts, pluralize } from '../format.js';

/** Versions of one model, the newest first. */
export interface ModelGroup {
  readonly name: string;
  readonly versions: readonly Model[];
}

/** Groups models by name; the order of names and versions is kept. */
export function groupByName(models: readonly Model[]): readonly ModelGroup[] {
  const groups = new Map<string, Model[]>();
  for (const model of models) {
    const versions = groups.get(model.name);
    if (versions) versions.push(model);
    else groups.set(model.name, [model]);
  }
  return [...groups].map(([name, versions]) => ({ name, versions }));
}

/** Page of a model. */
export const modelHash = (name: string) => `#/model/${encodeURIComponent(name)}`;

const TASKS: Readonly<Record<Model['task'], string>> = {
  detect: 'detects objects',
  segment: 'detects objects with masks',
  classify: 'classifies images',
};

/** @example describeLicence({ licence: 'unknown' }) // 'licence unknown' */
export const describeLicence = ({ licence }: Pick<Model, 'licence'>): string =>
  ['unknown', 'none'].includes(licence) ? `licence ${licence}` : licence;

/** @example describeModel(model) // 'detects objects · 80 classes · 3.7 MB · Apache-2.0' */
export const describeModel = (model: Model): string =>
  joinFacts([
    TASKS[model.task],
    countClasses(model),
    formatBytes(model.size_bytes),
    describeLicence(model),
  ]);

/** @example countClasses(model) // '80 classes' */
export const countClasses = ({ classes }: Pick<Model, 'classes'>): string =>
  classes.length === 1 ? '1 class' : `${formatCount(classes.length)} classes`;

/** Aliases in the order in which they are shown; others follow. */
const ALIAS_ORDER = ['champion', 'challenger', 'previous'];

/** Aliases of all versions, each with its number. @example ['champion 3', 'challenger 4'] */
export function aliasTexts(versions: readonly Model[]): readonly string[] {
  const rank = (alias: string) =>
    ALIAS_ORDER.includes(alias) ? ALIAS_ORDER.indexOf(alias) : ALIAS_ORDER.length;
  return versions
    .flatMap(({ version, aliases }) => aliases.map((alias) => ({ alias, version })))
    .toSorted((a, b) => rank(a.alias) - rank(b.alias))
    .map(({ alias, version }) => `${alias} ${version}`);
}

/** What uses a model. */
export interface ModelUses {
  /** Name of the default model of images; undefined if it is unknown. */
  readonly images: string | undefined;
}

/** Describes where models are the default. @example ['default for videos'] */
export const describeUses = (
  { name, versions }: ModelGroup,
  { images }: ModelUses,
): readonly string[] => [
  ...(versions.some(({ is_default }) => is_default) ? ['default for videos'] : []),
  ...(images === name ? ['default for images'] : []),
];

const ACTIONS: Readonly<Record<ModelAlias['action'], string>> = {
  set: 'set',
  promote: 'promoted',
  rollback: 'rolled back',
};

/** @example describeChange(change) // 'champion rolled back from 4 to 3' */
export function describeChange({ alias, action, version, previous }: ModelAlias): string {
  const from = previous ? `from ${previous.version} ` : '';
  return `${alias} ${ACTIONS[action]} ${from}to ${version}`;
}

const STAGES: Readonly<Record<Retraining['stage'], string>> = {
  opening: 'Checking the request',
  training: 'Training',
  evaluating: 'Comparing both models on the test images',
  publishing: 'Storing the trained model',
  waiting: 'Waiting for a decision',
  closing: 'Carrying out the decision',
  done: 'Done',
};

/** @example describeStage(retraining) // 'Training: step 120 of 460, loss 0.312' */
export function describeStage({ stage, training }: Retraining): string {
  if (stage !== 'training' || !training) return STAGES[stage];
  const loss = training.loss === null ? '' : `, loss ${training.loss.toFixed(3)}`;
  return `${STAGES[stage]}: step ${training.step} of ${training.of}${loss}`;
}

/** Share of a training that is done, 0 to 1; null if it is unknown. */
export const trainedShare = ({ stage, training }: Retraining): number | null =>
  stage === 'training' && training && training.of > 0 ? training.step / training.of : null;

/** @example describeVerdict(verdict) // 'The gate passed.' */
export function describeVerdict({ gate }: NonNullable<Retraining['verdict']>): string {
  if (gate === 'pass') return 'The challenger respects all limits of the gate.';
  if (gate === 'fail') return 'The challenger does not pass the gate.';
  return 'The gate cannot decide.';
}

/** @example describeDecision({ promote: true, by: 'anna' }, 'promoted') // 'Promoted by anna' */
export function describeDecision(
  { promote, by }: Pick<NonNullable<Retraining['decision']>, 'promote' | 'by'>,
  outcome: Retraining['outcome'],
): string {
  const promoted = outcome === 'promoted-elsewhere' ? 'Promoted elsewhere' : 'Promoted';
  return `${promote ? promoted : 'Rejected'} by ${by}`;
}

/** Formats a share with a tenth of a percent. @example formatShare(0.9254) // '92.5 %' */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Formats a difference of shares in percentage points. @example '+3.0' */
export const formatPoints = (difference: number): string =>
  `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(1)}`;

/** @example countVersions(group) // '2 versions' */
export const countVersions = ({ versions }: ModelGroup): string =>
  pluralize(versions.length, 'version');

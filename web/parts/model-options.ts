import type { Model } from '../../api/types.js';

/** Value and text of an option of a select field. */
export type Option = readonly [value: string, text: string];

/** Options for each version of models. */
export const versionOptions = (models: readonly Model[]): readonly Option[] =>
  models.map(({ name, version }) => [`${name}@${version}`, `${name} ${version}`] as const);

/** Options for each model in all of its versions, and for each version. */
export function modelOptions(models: readonly Model[]): readonly Option[] {
  const names = [...new Set(models.map(({ name }) => name))];
  return [
    ...names.map((name) => [name, `${name}, all versions`] as const),
    ...versionOptions(models),
  ];
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Manifest, titleOf } from '../manifests.js';
import { findModule } from '../programs.js';

/** Description of all scalers, which is part of each release of KEDA. */
const SCHEMA = 'schema/generated/scalers-schema.json';

const parameter = z.object({
  name: z.string(),
  optional: z.boolean().default(false),
  default: z.string().optional(),
  deprecated: z.string().optional(),
  metadataVariableReadable: z.boolean().default(false),
});
const scaler = z.object({ type: z.string(), parameters: z.array(parameter) });
const schemaSchema = z.object({ scalers: z.array(scaler) });
const trigger = z.looseObject({ type: z.string(), metadata: z.record(z.string(), z.string()) });

type Trigger = z.infer<typeof trigger>;

/** Triggers of a ScaledObject. */
export function triggersOf(scaledObject: Manifest): Trigger[] {
  const schema = z.looseObject({ spec: z.looseObject({ triggers: z.array(trigger) }) });
  return schema.parse(scaledObject).spec.triggers;
}

/** Finds triggers with settings that KEDA does not have or ignores, or without one that it requires. */
export async function checkTriggers(manifests: readonly Manifest[]): Promise<string[]> {
  const objects = manifests.filter(({ kind }) => kind === 'ScaledObject');
  if (objects.length === 0) return [];
  const text = await readFile(join(await findModule('keda'), SCHEMA), 'utf8');
  const { scalers } = schemaSchema.parse(JSON.parse(text));
  return objects.flatMap((object) =>
    triggersOf(object)
      .flatMap((each) => checkTrigger(each, scalers))
      .map((problem) => `${titleOf(object)}: ${problem}`),
  );
}

function checkTrigger(
  { type, metadata }: Trigger,
  scalers: readonly z.infer<typeof scaler>[],
): string[] {
  const parameters = scalers.find((each) => each.type === type)?.parameters;
  if (!parameters) return [`KEDA has no trigger ${type}`];
  const known = parameters.filter((each) => each.metadataVariableReadable && !each.deprecated);
  const required = known.filter((each) => !each.optional && each.default === undefined);
  return [
    ...Object.keys(metadata)
      .filter((name) => !known.some((each) => each.name === name))
      .map((name) => `the trigger ${type} has no setting ${name}`),
    ...required
      .filter(({ name }) => !(name in metadata))
      .map(({ name }) => `the trigger ${type} requires ${name}`),
  ];
}

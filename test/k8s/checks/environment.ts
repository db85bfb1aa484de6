import { z } from 'zod';
import { readImagesRole } from '../../../config/images-role.js';
import { environmentVariables, readConfig } from '../../../config/index.js';
import { SECRET_VARIABLES } from '../../../config/secrets.js';
import { messageOf } from '../../../domain/errors.js';
import { type Manifest, titleOf } from '../manifests.js';
import { type Container, type Workload, workloadsOf } from '../workloads.js';

/** Variables of libraries. */
const OF_LIBRARIES = ['ORT_DISABLE_TELEMETRY'];
/** Value of a field that is known when the pod runs, such as its address. */
const FIELD_VALUE = '10.0.0.1';

const dataSchema = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });

/** A variable of a container, and whether it comes from a Secret. */
interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/**
 * Finds variables that Vidette does not read, values that it rejects, credentials outside of Secrets,
 * and references to data that does not exist.
 */
export function checkEnvironment(manifests: readonly Manifest[]): string[] {
  return workloadsOf(manifests).flatMap((workload) => checkWorkload(workload, manifests));
}

function checkWorkload({ title, container }: Workload, manifests: readonly Manifest[]): string[] {
  const missing: string[] = [];
  const readData = (kind: DataKind, name: string) => {
    const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
    if (!found) missing.push(`${title} refers to a ${kind} ${name} that does not exist`);
    return found ? dataOf(found) : {};
  };
  const variables = variablesOf(container, readData);
  return [
    ...missing,
    ...variables
      .filter(({ name }) => ![...environmentVariables, ...OF_LIBRARIES].includes(name))
      .map(({ name }) => `${title} sets ${name}, which Vidette does not read`),
    ...variables
      .filter(({ name, isSecret }) => SECRET_VARIABLES.includes(name) && !isSecret)
      .map(({ name }) => `${title} has ${name} outside of a Secret`),
    ...problemsOf(variables, readerOf(container)).map((problem) => `${title}: ${problem}`),
  ];
}

type DataKind = 'ConfigMap' | 'Secret';
type ReadData = (kind: DataKind, name: string) => Readonly<Record<string, string>>;

function variablesOf({ env, envFrom }: Container, read: ReadData): Variable[] {
  const fromData = envFrom.flatMap(({ configMapRef, secretRef }) => [
    ...(configMapRef ? entriesOf(read('ConfigMap', configMapRef.name), false) : []),
    ...(secretRef ? entriesOf(read('Secret', secretRef.name), true) : []),
  ]);
  const single = env.map(({ name, value, valueFrom }): Variable => {
    const [secret, config] = [valueFrom?.secretKeyRef, valueFrom?.configMapKeyRef];
    if (secret)
      return { name, value: read('Secret', secret.name)[secret.key] ?? '', isSecret: true };
    if (config) {
      return { name, value: read('ConfigMap', config.name)[config.key] ?? '', isSecret: false };
    }
    return { name, value: value ?? FIELD_VALUE, isSecret: false };
  });
  return [...fromData, ...single];
}

const entriesOf = (data: Readonly<Record<string, string>>, isSecret: boolean) =>
  Object.entries(data).map(([name, value]): Variable => ({ name, value, isSecret }));

function dataOf(manifest: Manifest): Readonly<Record<string, string>> {
  const { data } = dataSchema.parse(manifest);
  if (manifest.kind !== 'Secret') return data;
  const decoded = Object.entries(data).map(([name, value]) => [
    name,
    Buffer.from(value, 'base64').toString(),
  ]);
  return z.record(z.string(), z.string()).parse(Object.fromEntries(decoded));
}

/** Function by which the program of a container reads its settings. */
const readerOf = ({ args }: Container): ReadSettings =>
  args.includes('dist/api/images-main.js') ? readImagesRole : readConfig;

type ReadSettings = (environment: NodeJS.ProcessEnv) => unknown;

/** Values that Vidette rejects; a later variable replaces an earlier one. */
function problemsOf(variables: readonly Variable[], read: ReadSettings): string[] {
  try {
    read(Object.fromEntries(variables.map(({ name, value }) => [name, value])));
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** Names of manifests other than Secrets that contain one of some secrets. */
export function findSecrets(manifests: readonly Manifest[], secrets: readonly string[]): string[] {
  return manifests
    .filter(({ kind }) => kind !== 'Secret')
    .filter((each) => secrets.some((secret) => JSON.stringify(each).includes(secret)))
    .map(titleOf);
}

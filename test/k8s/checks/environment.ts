import { readImagesRole } from '../../../config/images-role.js';
import { environmentVariables, readConfig } from '../../../config/index.js';
import { SECRET_VARIABLES } from '../../../config/secrets.js';
import { messageOf } from '../../../domain/errors.js';
import { type Manifest, titleOf } from '../manifests.js';
import { type Container, type Workload, workloadsOf } from '../workloads.js';
import { readVariables, type Variable } from './variables.js';

/** Variables of libraries. */
const OF_LIBRARIES = ['ORT_DISABLE_TELEMETRY', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'];

/**
 * Finds variables that Vidette does not read, values that it rejects, credentials outside of Secrets,
 * and references to data that does not exist.
 */
export function checkEnvironment(manifests: readonly Manifest[]): string[] {
  return workloadsOf(manifests).flatMap((workload) => checkWorkload(workload, manifests));
}

function checkWorkload({ title, container }: Workload, manifests: readonly Manifest[]): string[] {
  const { variables, missing } = readVariables(container, manifests);
  return [
    ...missing.map((reference) => `${title} refers to a ${reference} that does not exist`),
    ...variables
      .filter(({ name }) => ![...environmentVariables, ...OF_LIBRARIES].includes(name))
      .map(({ name }) => `${title} sets ${name}, which Vidette does not read`),
    ...variables
      .filter(({ name, isSecret }) => SECRET_VARIABLES.includes(name) && !isSecret)
      .map(({ name }) => `${title} has ${name} outside of a Secret`),
    ...problemsOf(variables, readerOf(container)).map((problem) => `${title}: ${problem}`),
  ];
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

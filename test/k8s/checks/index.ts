import type { Manifest } from '../manifests.js';
import { checkEgress } from './egress.js';
import { checkEnvironment } from './environment.js';
import { checkPorts } from './ports.js';
import { checkPrograms } from './programs.js';
import { checkPromQl } from './prom-ql.js';
import { checkResources } from './resources.js';
import { checkSelectors } from './selectors.js';
import { checkTermination } from './termination.js';
import { checkTriggers } from './triggers.js';

/** Looks for what an API server does not see; returns one sentence for each finding. */
export async function checkManifests(manifests: readonly Manifest[]): Promise<string[]> {
  return [
    ...checkPrograms(manifests),
    ...checkPorts(manifests),
    ...checkEnvironment(manifests),
    ...checkEgress(manifests),
    ...checkTermination(manifests),
    ...checkResources(manifests),
    ...checkSelectors(manifests),
    ...(await checkTriggers(manifests)),
    ...(await checkPromQl(manifests)),
  ];
}

import type { Credentials } from '../credentials.js';
import type { Service } from '../supervisor/service.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { documentStoreServer } from './document-store.js';
import { objectStoreServer } from './object-store.js';
import { temporalServer } from './temporal.js';

/**
 * Creates the three servers of a stack, in start order.
 * @param temporalConfig additional dynamic configuration of Temporal, as `key=value`.
 */
export function createServers(
  plan: StackPlan,
  credentials: Credentials,
  temporalConfig: readonly string[] = [],
): readonly Service[] {
  return [
    temporalServer(plan, temporalConfig),
    objectStoreServer(plan, credentials),
    documentStoreServer(plan),
  ];
}

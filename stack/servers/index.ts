import type { Credentials } from '../credentials.js';
import type { Service } from '../supervisor/service.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { documentStoreServer } from './document-store.js';
import { objectStoreServer } from './object-store.js';
import { temporalServer } from './temporal.js';

/**
 * The three servers of a stack, in the order of their start.
 * @param temporalConfig more of Temporal's dynamic configuration, `key=value` each.
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

import type { StackPlan } from '../supervisor/stack-plan.js';

/**
 * The environment of a server: nothing of the user's own, whose variables for other servers
 * (credentials, telemetry, proxies) would reach it otherwise.
 */
export function serverEnvironment(
  plan: StackPlan,
  variables: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return { PATH: plan.searchPath, HOME: plan.dataDir, ...variables };
}

import type { StackPlan } from '../supervisor/stack-plan.js';

/**
 * Environment of a server. It does not inherit the user's environment, which may contain variables for
 * other servers (credentials, telemetry, proxies).
 */
export function serverEnvironment(
  plan: StackPlan,
  variables: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return { PATH: plan.searchPath, HOME: plan.dataDir, ...variables };
}

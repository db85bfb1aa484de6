const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** Whether the environment names a proxy for downloads. The HTTP client reads the variables itself. */
export function hasProxy(environment: NodeJS.ProcessEnv = process.env): boolean {
  return VARIABLES.some((name) => (environment[name] ?? '') !== '');
}

import type { z } from 'zod';

/**
 * Returns the problems of a value that does not match its schema, each with its path.
 * @param root name of the value itself, for a problem without a path.
 * @example ['classes.0: Too small: expected string to have >=1 characters']
 */
export function listProblems({ issues }: z.ZodError, root = ''): string[] {
  return issues.map(({ path, message }) => `${path.join('.') || root}: ${message}`);
}

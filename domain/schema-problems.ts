import type { z } from 'zod';

/**
 * Words the problem of a number outside its limits; for the option `error` of a parser.
 * @example 'expected at most 1, received 2'
 */
export function describeLimit(issue: z.core.$ZodRawIssue): string | undefined {
  const limit = limitOf(issue);
  return limit === undefined ? undefined : `expected ${limit}, received ${String(issue.input)}`;
}

function limitOf(issue: z.core.$ZodRawIssue): string | undefined {
  const isNumber = typeof issue.input === 'number';
  if (isNumber && issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (isNumber && issue.code === 'too_small') return `at least ${issue.minimum}`;
  return undefined;
}

/**
 * Returns the problems of a value that does not match its schema, each with its path.
 * @param root name of the value itself, for a problem without a path.
 * @example ['classes.0: Too small: expected string to have >=1 characters']
 */
export function listProblems({ issues }: z.ZodError, root = ''): string[] {
  return issues.map(({ path, message }) => `${path.join('.') || root}: ${message}`);
}

import { ProblemError } from './problem.js';
import type { ApiServer } from './api-server.js';

/**
 * Responds to requests without a route before their body is read: 405 with the allowed methods of
 * the path, otherwise 404. They count towards the rate limit. Call before registering routes.
 */
export function rejectUnknownRoutes(server: ApiServer): void {
  const methodsOf = collectMethods(server);
  const count = server.rateLimit();
  server.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return;
    await count.call(server, request, reply);
    const { method, url } = request;
    const path = url.split('?')[0]!; // the first part is always there
    const methods = methodsOf(path);
    if (methods.length === 0) {
      throw new ProblemError(
        'not-found',
        `${method} ${path} does not exist. See /docs for all routes.`,
      );
    }
    const allowed = methods.join(', ');
    void reply.header('allow', allowed);
    throw new ProblemError(
      'method-not-allowed',
      `${path} does not allow ${method}. Allowed: ${allowed}.`,
    );
  });
}

/** Returns a function that lists the methods of all routes that match a path, sorted. */
function collectMethods(server: ApiServer): (path: string) => readonly string[] {
  const methodsOf = new Map<string, string[]>();
  server.addHook('onRoute', ({ method, url }) => {
    // Preflight requests of browsers, for every path.
    if (url === '*') return;
    methodsOf.set(url, [...(methodsOf.get(url) ?? []), ...[method].flat()]);
  });
  return (path) => {
    const found = [...methodsOf].filter(([url]) => patternOf(url).test(path));
    return [...new Set(found.flatMap(([, methods]) => methods))].sort();
  };
}

const SPECIAL = /[.+?^${}()|[\]\\]/g;

/** @example patternOf('/frames/:frame.jpg').test('/frames/5.jpg') // true */
export function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+|\*)/).map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(SPECIAL, '\\$&');
  });
  return new RegExp(`^${parts.join('')}/?$`);
}

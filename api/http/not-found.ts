import { ProblemError } from './problem.js';
import type { ApiServer } from './api-server.js';

/**
 * Answers what no route takes, before its body is read: 405 with the methods that its address does
 * take, else 404. Counted as other requests are. Before any route is registered.
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
        `Nothing is at ${method} ${path}. The addresses are listed at /docs.`,
      );
    }
    const allowed = methods.join(', ');
    void reply.header('allow', allowed);
    throw new ProblemError('method-not-allowed', `${path} takes ${allowed}, not ${method}.`);
  });
}

/** Tells, in order, the methods of all routes that match a path. */
function collectMethods(server: ApiServer): (path: string) => readonly string[] {
  const methodsOf = new Map<string, string[]>();
  server.addHook('onRoute', ({ method, url }) => {
    // Preflights of browsers, at every address.
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

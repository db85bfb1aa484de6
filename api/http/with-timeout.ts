import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from './problem.js';

/**
 * The same port, whose promises are settled after `ms` milliseconds at the latest: a driver has limits
 * of its own, which do not hold for each way in which a server can hang.
 * @throws ProblemError `not-ready` that names the server.
 */
export function withTimeout<T extends object>(port: T, ms: number, server: string): T {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member === 'function') {
        return (...args: unknown[]) => {
          const answer: unknown = Reflect.apply(member, target, args);
          return answer instanceof Promise ? within(answer, ms, server) : answer;
        };
      }
      const isPort = typeof member === 'object' && member !== null;
      return isPort ? withTimeout(member, ms, server) : member;
    },
  });
}

async function within(answer: Promise<unknown>, ms: number, server: string): Promise<unknown> {
  const answered = new AbortController();
  const late = sleep(ms, undefined, { signal: answered.signal, ref: false }).then(() => {
    throw new ProblemError('not-ready', `${server} does not answer; try again soon.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}

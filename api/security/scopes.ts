import type { Scope } from '../../domain/api-key.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope that the route requires; default: `read`. */
    readonly scope?: Scope;
    /** Whether the route requires no key. */
    readonly open?: boolean;
  }
}

import type { Scope } from '../../domain/api-key.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope that the route requires; default: `read`. */
    readonly scope?: Scope;
    /** Whether GET requests may start work, so that pages of other sites must not send them. */
    readonly startsWork?: boolean;
    /** Whether the route requires no key. */
    readonly open?: boolean;
  }
}

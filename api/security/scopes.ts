import type { Scope } from '../../domain/api-key.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The right that a key needs for the route; `read` where it says none. */
    readonly scope?: Scope;
    /** Whether the route is for everybody, without a key. */
    readonly open?: boolean;
  }
}

/** Rights that an API key may have: to read, to change what is stored, to use the network. */
export const SCOPES = ['read', 'write', 'predict'] as const;
export type Scope = (typeof SCOPES)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The right that a route needs; a route without it is open to everybody. */
    readonly scope?: Scope;
    /** Whether the route is for everybody, without a key. */
    readonly open?: boolean;
  }
}

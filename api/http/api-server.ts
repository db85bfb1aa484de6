import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** Server whose routes are typed by their schemas. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Limits for clients that send or read slowly, or too much; times in milliseconds. */
export interface ServerLimits {
  /** Time a client has to send its headers. */
  readonly headersTimeoutMs: number;
  /** Interval between checks for slow connections. */
  readonly checkMs: number;
  /** Grace period for the rest of a body whose request is already answered. */
  readonly lingerMs: number;
  /** Time without progress after which a response that waits for its reader is cut off. */
  readonly stallMs: number;
  /** Maximum bytes of bodies that are read as a whole, over all requests in progress. */
  readonly bodiesBytes: number;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the process is asked to stop: endless responses end with it. */
    readonly stopping: AbortSignal;
  }
}

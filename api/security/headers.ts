import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { Config } from '../../config/index.js';
import type { ApiServer } from '../http/api-server.js';

/** Content that pages of the API may load: their own files, generated images and videos. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  manifestSrc: ["'self'"],
  mediaSrc: ["'self'", 'blob:'],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
};

/** Headers that pages of other sites may read. */
const EXPOSED = ['x-request-id', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining'];

/** Adds the headers that restrict pages of the API and allow requests of other sites. */
export async function addSecurityHeaders(
  server: ApiServer,
  { corsOrigins }: Config['api'],
): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    crossOriginEmbedderPolicy: false,
    // The operator of a TLS proxy decides this for the host name.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  if (corsOrigins.length === 0) return;
  await server.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    // Other sites send a key in a header; the session cookie is for our own pages.
    credentials: false,
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });
}

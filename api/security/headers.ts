import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { Config } from '../../config/index.js';
import type { ApiServer } from '../http/api-server.js';

/** What pages of the API may load: their own files, and pictures and videos that they make. */
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

/** Names that pages of other sites may read from answers. */
const EXPOSED = ['x-request-id', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining'];

/** Tells browsers what pages of the API may do, and which other sites may ask it. */
export async function addSecurityHeaders(
  server: ApiServer,
  { corsOrigins }: Config['api'],
): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    crossOriginEmbedderPolicy: false,
    // Whoever puts TLS in front decides for his name.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  if (corsOrigins.length === 0) return;
  await server.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    // A key in a header; the cookie of a session is for our own pages.
    credentials: false,
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });
}

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import fastifyStatic from '@fastify/static';
import { partsOrigin } from '../../adapters/store/minio-part-uploads.js';
import type { Config } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import type { ApiServer } from '../http/api-server.js';

/**
 * Content security policy of the page: its own server, and local images and videos of the user.
 * @param storeOrigins origin to which the page uploads parts of large videos; none without a store.
 */
const pagePolicy = (storeOrigins: readonly string[]) =>
  [
    "default-src 'self'",
    ["connect-src 'self'", ...storeOrigins].join(' '),
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Folder of files whose names contain a hash of their content. */
const ASSETS = 'assets';
const YEAR = 'public, max-age=31536000, immutable';

/** Serves the built page at `/`, if it has been built. */
export async function pageRoutes(server: ApiServer, config: Config): Promise<void> {
  const root = projectFile('dist/web');
  if (!existsSync(root)) return;
  const { api, objectStore, upload } = config;
  const hasStore = api.role === 'all';
  const policy = pagePolicy(hasStore ? [partsOrigin(objectStore, upload.publicEndpoint)] : []);
  await server.register(async (scope: ApiServer) => {
    // The page itself needs no key; it prompts for one.
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    await scope.register(fastifyStatic, {
      root,
      wildcard: false,
      schemaHide: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isAsset = path.includes(`/${ASSETS}/`);
        reply.header('cache-control', isAsset ? YEAR : 'no-cache');
        if (basename(path) !== 'index.html') return;
        reply.header('content-security-policy', policy);
        reply.header('referrer-policy', 'no-referrer');
        reply.header('x-content-type-options', 'nosniff');
      },
    });
  });
}

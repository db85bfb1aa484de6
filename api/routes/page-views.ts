import type { ApiServer } from '../http/api-server.js';

/** Paths that people type; views of the page are in the hash of its URL. */
const PATHS = [
  ...['/jobs', '/job/:id', '/explore', '/diff', '/cameras', '/camera/:uuid', '/add-camera'],
  ...[
    '/image-batch/:id',
    '/image',
    '/review',
    '/models',
    '/model/:name',
    '/datasets',
    '/dataset/:spec',
    '/system',
  ],
];

/** Redirects the path of a view of the page to the view. */
export function pageViewRoutes(server: ApiServer): void {
  for (const path of PATHS) {
    server.get(path, { config: { open: true }, schema: { hide: true } }, ({ url }, reply) =>
      reply.redirect(`/#${url}`),
    );
  }
}

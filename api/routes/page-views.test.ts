import { afterEach, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';

let api: ListeningApi;
afterEach(() => api.server.close());

it.each([
  ['/jobs', '/#/jobs'],
  ['/cameras', '/#/cameras'],
  [
    '/camera/5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c',
    '/#/camera/5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c',
  ],
  ['/add-camera', '/#/add-camera'],
  ['/model/fish', '/#/model/fish'],
  ['/dataset/fish@3', '/#/dataset/fish@3'],
  ['/image', '/#/image'],
  ['/review?kind=audit', '/#/review?kind=audit'],
  ['/system', '/#/system'],
  ['/diff?a=street-1&b=street-2', '/#/diff?a=street-1&b=street-2'],
  ['/explore?q=dog', '/#/explore?q=dog'],
  ['/job/street-1?t=22.4&class=dog', '/#/job/street-1?t=22.4&class=dog'],
])('redirects %s to the view of the page, also without a key', async (path, view) => {
  api = await listen({ VIDETTE_API_AUTH: 'keys' });
  const { status, headers } = await api.ask(path);
  expect([status, headers.location]).toEqual([302, view]);
});

it('redirects no other path', async () => {
  api = await listen({});
  expect((await api.ask('/other')).status).toBe(404);
});

it('is not part of the description of the API', async () => {
  api = await listen({});
  const { body } = await api.ask('/openapi.json');
  const { paths } = JSON.parse(body) as { paths: Record<string, unknown> };
  expect(Object.keys(paths)).not.toContain('/jobs');
});

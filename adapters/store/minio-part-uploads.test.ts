import { expect, it } from 'vitest';
import { partsOrigin } from './minio-part-uploads.js';

const endpoint = 'http://minio:9000';

it.each([
  ['as the API has it', { endpoint }, undefined, 'http://minio:9000'],
  ['where browsers reach it', { endpoint }, 'https://store.example/', 'https://store.example'],
  [
    'by host names',
    { endpoint, pathStyle: false },
    'https://s3.example',
    'https://videos.s3.example',
  ],
])('the origin of the store %s', (_, settings, publicEndpoint, origin) => {
  expect(partsOrigin(settings, publicEndpoint)).toBe(origin);
});

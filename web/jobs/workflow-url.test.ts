import { expect, it } from 'vitest';
import { workflowUrl } from './workflow-url.js';

const temporal = { url: 'http://127.0.0.1:8233/', namespace: 'default' };
const job = { workflow_id: 'video-detection/a', run_id: 'r' };

it.each([
  [
    'a run with id',
    temporal,
    job,
    'http://127.0.0.1:8233/namespaces/default/workflows/video-detection%2Fa/r',
  ],
  [
    'a run without id',
    temporal,
    { ...job, run_id: null },
    'http://127.0.0.1:8233/namespaces/default/workflows/video-detection%2Fa',
  ],
  ['a job deleted from Temporal', temporal, { workflow_id: null, run_id: 'r' }, undefined],
  ['a missing Web UI', undefined, job, undefined],
])('builds the URL for %s', (_, ui, run, url) => expect(workflowUrl(ui, run)).toBe(url));

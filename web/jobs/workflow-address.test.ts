import { expect, it } from 'vitest';
import { workflowAddress } from './workflow-address.js';

const temporal = { address: 'http://127.0.0.1:8233/', namespace: 'default' };
const job = { workflow_id: 'video-detection/a', run_id: 'r' };

it.each([
  [
    'a run',
    temporal,
    job,
    'http://127.0.0.1:8233/namespaces/default/workflows/video-detection%2Fa/r',
  ],
  [
    'no run id',
    temporal,
    { ...job, run_id: null },
    'http://127.0.0.1:8233/namespaces/default/workflows/video-detection%2Fa',
  ],
  ['a job that Temporal forgot', temporal, { workflow_id: null, run_id: 'r' }, undefined],
  ['no Web UI', undefined, job, undefined],
])('leads to %s', (_, ui, run, address) => expect(workflowAddress(ui, run)).toBe(address));

import { expect, it } from 'vitest';
import { stackPlanSchema } from './stack-plan.js';

const ports = {
  temporal: 1,
  temporalUi: 2,
  objectStore: 3,
  objectStoreConsole: 4,
  documentStore: 5,
  api: 6,
};
const tools = {
  temporal: '/bin/temporal',
  documentStore: { path: '/bin/mongod', kind: 'mongod' },
  ffmpeg: '/bin/ffmpeg',
  ffprobe: '/bin/ffprobe',
};
const folders = { dataDir: '/data', scratchDir: '/scratch', searchPath: '/bin' };

it('reads the plan of a running stack whose Web UI has no proxy', () => {
  const plan = stackPlanSchema.parse({
    ...{ ...folders, ports, init: null, workers: null },
    tools: { ...tools, objectStore: { path: '/bin/versitygw', kind: 'versitygw' } },
  });
  expect(plan.ports).toEqual({ ...ports, temporalUiBackend: ports.temporalUi });
});

it('reads the plan of a running stack whose object store is given as `minio`', () => {
  const plan = stackPlanSchema.parse({
    ...{ ...folders, ports, init: null, workers: null },
    tools: { ...tools, minio: '/bin/minio' },
  });
  expect(plan.tools).toEqual({ ...tools, objectStore: { path: '/bin/minio', kind: 'minio' } });
});

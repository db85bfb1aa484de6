import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { fakeDeployments } from '../../test/support/fake-deployments.js';
import { deployStream } from '../../client/streams/deploy.js';
import type { AppError } from '../../domain/errors.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { deployLines } from './deploy-lines.js';
import { lineOf } from './run-results.js';

const MESSAGES = new URL('../../test/fixtures/streams/to_deploy.jsonl', import.meta.url);
const UUID = '0b9f4c52-7f0a-4c39-9d6e-1d1c5b7e0a0';

it('deploys recorded messages of the topic to_deploy', async () => {
  const { deps, started } = fakeDeployments();
  const streams = { deploy: (message: unknown) => deployStream(deps, message) };
  const lines = createInterface({ input: createReadStream(MESSAGES) });
  const { signal } = new AbortController();
  const results: unknown[] = [];
  for await (const each of deployLines(streams, lines, { signal, onWait: () => undefined })) {
    if ('error' in each) results.push([each.line, (each.error as AppError).code]);
    else results.push([each.line, each.deployed.worker_id, each.deployed.started]);
  }
  expect(results).toEqual([
    ...[
      [1, 'worker-1', true],
      [2, 'worker-1', true],
      [3, 2, true],
      [4, 'worker-1', false],
    ],
    ...[
      [5, 'INVALID_INPUT'],
      [6, 'worker-2', true],
    ],
  ]);
  const ids = [1, 2, 3, 4].map((number) => `stream/${UUID}${number}`);
  expect(started.map(({ workflowId }) => workflowId)).toEqual(ids);
  expect(JSON.stringify(started)).not.toMatch(/p@ss|secret|10\.0\.0/);
  const { camera_id } = started[0]!.args[0];
  const cameras = createCameras(deps.documents.cameras, deps.cameraKey);
  expect(await cameras.urlOf(camera_id)).toBe('rtsp://viewer:p@ss#word@10.0.0.7:554/stream1');
});

it('prints rows in the form of the topic results', () => {
  const row = {
    ...{ scenario_uuid: `${UUID}1`, frame_number: 7 },
    detections: [{ class: 'person', confidence: 0.87, bbox: [412, 96, 508, 301] as const }],
    timestamp: '2026-01-11T12:30:05.123Z',
  };
  const model = { name: 'yolox_nano', version: 1, sha256: 'a' };
  const details = { lag_ms: 210, camera_time: null, damaged: false, still: false, model };
  expect(lineOf({ ...row, details }, {})).toBe(
    `{"scenario_uuid":"${UUID}1","frame_number":7,"detections":[{"class":"person",` +
      '"confidence":0.87,"bbox":[412,96,508,301]}],"timestamp":"2026-01-11T12:30:05.123Z"}\n',
  );
  expect(lineOf({ ...row, details }, { details: true })).toContain('"lag_ms":210');
});

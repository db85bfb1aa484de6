import { afterAll, beforeAll } from 'vitest';
import { type ChaosHarness, startHarness } from './harness.js';
import { type FailingModel, runFailingModel, tooMany } from './failing-models.js';
import { type Run, rounds } from './rounds.js';

let harness: ChaosHarness;
beforeAll(async () => {
  harness = await startHarness({ VIDETTE_LANE_TIMEOUT_S: '5' });
});
afterAll(() => harness?.stack.close({ keepFolder: hasFailed() }));

const on =
  (each: FailingModel): Run =>
  (trial) =>
    runFailingModel(harness, trial, each);

const { hasFailed } = rounds(
  [
    ['frame-throws', on({ failure: 'throws', reason: /^inference failed, twice: .*Gather/ })],
    ['frame-nan', on({ failure: 'nan', reason: /^inference failed, twice: .*NaN/ })],
    ['frame-hangs', on({ failure: 'hangs', reason: /^inference ended its process.*silent/ })],
    [
      'frame-crashes',
      on({ failure: 'hangs', crashes: true, reason: /^inference ended its process.*SIGSEGV/ }),
    ],
    ['too-many-frames-fail', (trial) => tooMany(harness, trial)],
  ],
  () => harness.stack.folder,
);

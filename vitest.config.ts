import { defineConfig } from 'vitest/config';
import { FileTimesReporter } from './test/support/file-times.js';

const base = {
  pool: 'forks',
  testTimeout: 30_000,
  expect: { poll: { timeout: 15_000 } },
  environment: 'node',
} as const;
/** Start-up of servers on a slow machine; a test that needs longer sets its own timeout. */
const withServers = {
  ...base,
  hookTimeout: 300_000,
  testTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  globalSetup: ['test/support/pull-model.ts'],
};

/** Unit tests that spend their time waiting for timeouts or processes. */
const WAITING = [
  'adapters/ffmpeg/stall-watch.test.ts',
  'api/images/image-lanes.test.ts',
  'api/security/slow-clients.test.ts',
  'lanes/pool*.test.ts',
  'stack/model-sources/pull-model.test.ts',
];
const OUTSIDE_UNIT = ['node_modules/**', 'dist/**', 'test/**'];

/** Tests that read the reference data; `npm test` reports that they are left out without it. */
const ON_REFERENCE = [
  'test/parity/{ensembles,images,keras-files}.test.ts',
  'test/shared/parity-videos.test.ts',
  'test/{shared,media}/corpus*.test.ts',
  'test/media/stream-yolox.test.ts',
];
const REFERENCE = ['VIDETTE_TEST_DATA', 'VIDETTE_MODELS_DIR'];
const hasReference = REFERENCE.every((name) => process.env[name]);
/** Tests that need a GPU as well; `npm test` reports that they are left out without one. */
const ON_GPU = ['test/parity/gpu.test.ts'];
const leftOut = [
  ...(hasReference ? [] : ON_REFERENCE),
  ...(hasReference && process.env.VIDETTE_TEST_GPU ? [] : ON_GPU),
];

/** Tests with servers of their own that `npm test` includes. */
const SOME_FAULTS = [
  'test/faults/{contracts,encrypted-payloads,hung-tools,replay,unfinished-uploads,window}.test.ts',
  'test/client/{package,readme,start-up}.test.ts',
  'test/{stack,compose}/**/*.test.ts',
];
const ALL_FAULTS = ['test/{faults,client,stack,compose,page}/**/*.test.ts'];
/** `npm run test:all` selects all of them, `npm run test:rest` those that `npm test` leaves out. */
const { VIDETTE_TEST_ALL: all, VIDETTE_TEST_REST: rest } = process.env;
const faults = {
  include: all || rest ? ALL_FAULTS : SOME_FAULTS,
  exclude: rest ? SOME_FAULTS : [],
};
/** Files on the shared stack, and without servers, that only `npm run test:rest` runs. */
const REST_SHARED = [
  'test/shared/{api-deletion,batches,clips,datasets,deletion,derive,diff,diff-video,exports,long-ids,retention,spans}.test.ts',
  'test/shared/{ensembles,experiments,image-batches,kept-images,load,metrics,mlflow,model-aliases,retrain,search}.test.ts',
  'test/shared/{python-client,still-scenes,stream-alerts,stream-events,streams,streams-api}.test.ts',
  'test/shared/{stuck-jobs,temporal-ui,tracks,webhooks,zones}.test.ts',
];
const REST_MEDIA = [
  'test/media/{account-faults,clips,corpus,dataset-readers,digits,render-start,fiftyone,seek-faults,stream-cameras,tracks}.test.ts',
];
const shared = rest
  ? // The modes of parity that `npm test` does not run.
    { include: [...REST_SHARED, 'test/shared/parity-videos.test.ts'], exclude: leftOut }
  : { include: ['test/shared/*.test.ts'], exclude: [...leftOut, ...(all ? [] : REST_SHARED)] };
const media = rest
  ? { include: REST_MEDIA, exclude: leftOut }
  : {
      include: ['test/{media,parity,chaos}/**/*.test.ts'],
      exclude: [...leftOut, ...(all ? [] : REST_MEDIA)],
    };

/** Projects of one group run at the same time and need the same number of workers. */
const [UNIT, SHARED, OWN] = [
  { maxWorkers: 3, sequence: { groupOrder: 0 } },
  { maxWorkers: 4, sequence: { groupOrder: 1 } },
  { maxWorkers: 2, sequence: { groupOrder: 2 } },
];

export default defineConfig({
  test: {
    reporters: ['default', new FileTimesReporter()],
    projects: [
      {
        test: {
          ...{ ...base, ...UNIT, name: 'unit', isolate: false },
          include: ['**/*.test.ts'],
          exclude: [...OUTSIDE_UNIT, ...WAITING],
        },
      },
      { test: { ...base, ...UNIT, name: 'timing', include: WAITING } },
      {
        // Files on one stack, which the global set-up starts.
        test: {
          ...{ ...withServers, ...SHARED, name: 'shared', isolate: false },
          ...shared,
          globalSetup: [...withServers.globalSetup, 'test/support/start-shared-stack.ts'],
        },
      },
      {
        // Files without servers.
        test: {
          ...{ ...withServers, ...SHARED, ...media, name: 'media', isolate: false },
        },
      },
      {
        // Files with servers of their own.
        test: {
          ...{ ...withServers, ...OWN, ...faults, name: 'faults' },
        },
      },
      ...(process.env.VIDETTE_TEST_CORPUS
        ? [{ test: { ...withServers, ...OWN, name: 'corpus', include: ['test/corpus/*.test.ts'] } }]
        : []),
      // Installs Keras (2 GB) on its first run.
      ...(process.env.VIDETTE_TEST_TRAIN
        ? [{ test: { ...withServers, ...OWN, name: 'train', include: ['test/train/*.test.ts'] } }]
        : []),
    ],
  },
});

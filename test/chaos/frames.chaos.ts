import { afterAll, beforeAll } from 'vitest';
import { type Arena, openArena } from './arena.js';
import { type Poisoned, poisoned, tooMany } from './poison.js';
import { type Run, rounds } from './rounds.js';

let arena: Arena;
beforeAll(async () => {
  arena = await openArena({ VIDETTE_LANE_TIMEOUT_S: '5' });
});
afterAll(() => arena?.stack.close({ keepFolder: hasFailed() }));

const on =
  (each: Poisoned): Run =>
  (trial) =>
    poisoned(arena, trial, each);

const { hasFailed } = rounds(
  [
    ['frame-throws', on({ poison: 'throws', reason: /^inference failed, twice: .*Gather/ })],
    ['frame-nan', on({ poison: 'nan', reason: /^inference failed, twice: .*NaN/ })],
    ['frame-hangs', on({ poison: 'hangs', reason: /^inference ended its process.*silent/ })],
    [
      'frame-crashes',
      on({ poison: 'hangs', crashes: true, reason: /^inference ended its process.*SIGSEGV/ }),
    ],
    ['too-many-frames-fail', (trial) => tooMany(arena, trial)],
  ],
  () => arena.stack.folder,
);

import { describe, expect, it } from 'vitest';
import { AppError, type ErrorFacts } from '../errors.js';
import { tooManyFailed } from './failed-frames.js';
import { RECOVERY_LIMITS } from './limits.js';
import {
  aloneFailure,
  createRecovery,
  endsLane,
  type Failure,
  inferenceFailure,
  rangeFailure,
  RECOVERY,
  SKIP_REASONS,
} from './recovery.js';

/** Actions after a failure that occurs again and again, with the number of times of each. */
const EXPECTED: Readonly<Record<Failure, readonly (readonly [string, number])[]>> = {
  batchThrows: [['infer-each', Infinity]],
  frameThrows: [
    ['infer-again', 1],
    ['skip-frame', Infinity],
  ],
  batchOutOfMemory: [['halve-batch', Infinity]],
  stillScenesUncertain: [['detect-frame-by-frame', Infinity]],
  laneLostAtBatch: [['detect-frame-by-frame', Infinity]],
  laneLostAtFrame: [
    ['try-frame-alone', 2],
    ['skip-frame', Infinity],
  ],
  laneLostAtFrameAlone: [['skip-frame', Infinity]],
  laneLostElsewhere: [['hand-back', Infinity]],
  laneLostElsewhereAfterSkip: [
    ['detect-again', 20],
    ['hand-back', Infinity],
  ],
  hostLost: [
    ['extract-again', 19],
    ['fail', Infinity],
  ],
  other: [['hand-back', Infinity]],
};
const FAILURES = Object.keys(RECOVERY) as Failure[];
const REPEATS = 25;

describe('the table of recovery', () => {
  it.each(FAILURES)('takes each action of %s as often as its limit allows', (failure) => {
    const recovery = createRecovery();
    const actions = Array.from({ length: REPEATS }, () => recovery.next(failure));
    const expected = EXPECTED[failure].flatMap(([action, times]) =>
      Array<string>(Math.min(times, REPEATS)).fill(action),
    );
    expect(actions).toEqual(expected.slice(0, REPEATS));
  });

  it('counts the failures of each frame separately', () => {
    const recovery = createRecovery();
    const next = (frame: number) => recovery.next('laneLostAtFrame', frame);
    expect([next(5), next(10), next(5), next(5), next(10)]).toEqual([
      ...['try-frame-alone', 'try-frame-alone', 'try-frame-alone', 'skip-frame'],
      'try-frame-alone',
    ]);
  });

  it('counts each failure separately, and starts at zero for each range', () => {
    const recovery = createRecovery();
    for (let i = 0; i < RECOVERY_LIMITS.rangeRestarts; i++)
      recovery.next('laneLostElsewhereAfterSkip');
    expect(recovery.next('laneLostAtFrame', 5)).toBe('try-frame-alone');
    expect(recovery.next('laneLostElsewhereAfterSkip')).toBe('hand-back');
    expect(createRecovery().next('laneLostElsewhereAfterSkip')).toBe('detect-again');
  });
});

describe('a failed inference', () => {
  it.each([
    [8, false, 'batchThrows'],
    [8, true, 'batchOutOfMemory'],
    [1, false, 'frameThrows'],
    [1, true, 'frameThrows'],
  ])('of %i frames, out of memory: %s, is %s', (frames, isOutOfMemory, failure) => {
    expect(inferenceFailure(frames, isOutOfMemory)).toBe(failure);
  });
});

it.each([
  [new AppError('GPU_MEMORY_FULL', 'full'), true],
  [new AppError('GPU_FAILED', 'broken'), true],
  [new AppError('MODEL_INVALID', 'no output'), false],
  [new Error('NaN'), false],
])('ends the lane of an inference that failed because of the GPU: %s', (error, expected) => {
  expect(endsLane(error)).toBe(expected);
});

const lost = (facts: ErrorFacts) => new AppError('LANE_LOST', 'gone', facts);

describe('a failed detection of a range', () => {
  const fresh = { isFrameByFrame: false, hasSkipped: false };
  const single = { isFrameByFrame: true, hasSkipped: false };
  const skipped = { isFrameByFrame: true, hasSkipped: true };
  it.each([
    ['a crash at a batch', lost({ how: 'SIGSEGV', frames: 8 }), fresh, 'laneLostAtBatch'],
    ['a hang at a batch', lost({ how: 'SIGKILL', frames: 8 }), fresh, 'laneLostAtBatch'],
    ['a batch, frame by frame', lost({ how: 'SIGSEGV', frames: 2 }), single, 'laneLostElsewhere'],
    ['a crash at a frame', lost({ how: 'SIGSEGV', frame: 5 }), fresh, 'laneLostAtFrame'],
    ['a crash at frame 0', lost({ how: 'SIGSEGV', frame: 0 }), skipped, 'laneLostAtFrame'],
    ['a crash elsewhere', lost({ how: 'SIGSEGV' }), fresh, 'laneLostElsewhere'],
    ['one after a skip', lost({ how: 'SIGSEGV' }), skipped, 'laneLostElsewhereAfterSkip'],
    ['a worker that stops', lost({}), skipped, 'other'],
    ['another code', new AppError('DECODE_FAILED', 'no', { frame: 5 }), fresh, 'other'],
    ['another error', new Error('cancelled'), fresh, 'other'],
  ])('classifies %s', (_, error, state, failure) => {
    expect(rangeFailure(error, state).failure).toBe(failure);
  });

  it('names the frame of a lost lane', () => {
    expect(rangeFailure(lost({ how: 'SIGSEGV', frame: 5 }), fresh).frame).toBe(5);
  });

  it.each([
    ['the lane of the frame', lost({ how: 'SIGSEGV', frame: 5 }), 'laneLostAtFrameAlone'],
    ['a lane at another frame', lost({ how: 'SIGSEGV', frame: 10 }), 'other'],
    ['a lane at no frame', lost({ how: 'SIGSEGV' }), 'other'],
    ['another error', new Error('cancelled'), 'other'],
  ])('classifies the loss of %s, with the frame alone in it', (_, error, failure) => {
    expect(aloneFailure(error, 5)).toBe(failure);
  });
});

describe('the user', () => {
  it('reads why a frame was skipped', () => {
    expect(SKIP_REASONS.throws('NaN')).toBe('inference failed, twice: NaN');
    expect(SKIP_REASONS.endsLane('SIGSEGV')).toBe('inference ended its process, twice (SIGSEGV)');
  });

  it.each([
    ['a tenth of the frames by default', 10, {}, 100],
    ['no frame of a few', 0, {}, 9],
    ['no frame', 0, { max_failed: 0 }, 100],
    ['all frames', 7, { max_failed: 1 }, 7],
    ['a share, rounded down', 3, { max_failed: 0.35 }, 10],
  ])('may lose %s, and reads on which the model failed', (_, most, share, sampled_frames) => {
    const allowance = { ...share, sampled_frames };
    const example = { frame: 15, reason: SKIP_REASONS.throws('NaN') };
    expect(tooManyFailed(most, allowance, example)).toBeUndefined();
    expect(tooManyFailed(most + 1, allowance, example)).toContain(
      `failed on ${most + 1} of ${sampled_frames} sampled frames (frame 15: inference failed`,
    );
  });
});

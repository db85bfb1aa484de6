import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError, type ErrorCode } from '../../domain/errors.js';
import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import { causeOf } from '../../domain/stream/gap.js';
import type { StateNotice } from '../protocol.js';
import type { FrameSink } from './frame-sink.js';
import { Interrupt } from './interrupt.js';
import { watchSource } from './watch-source.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const CAMERA = 'rtsp://10.0.0.7/live';

/** A source whose attempts end as the test says. */
function setUp(url = CAMERA) {
  const attempts: (PromiseWithResolvers<void> & {
    readonly signal: AbortSignal;
    readonly open: () => void;
  })[] = [];
  const states: StateNotice[] = [];
  let reconnections = 0;
  const sink = { change: (notice: StateNotice) => void states.push(notice) } as FrameSink;
  const context = {
    sink,
    clock: { now: () => 0, tick: () => undefined },
    url: parseCameraUrl(url),
  };
  const read = (signal: AbortSignal, open: () => void) => {
    const attempt = { ...Promise.withResolvers<void>(), signal, open };
    signal.addEventListener('abort', () => attempt.reject(signal.reason));
    attempts.push(attempt);
    return attempt.promise;
  };
  const watch = watchSource(context, { read }, () => reconnections++);
  watch.ended.catch(() => undefined);
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return {
    ...{ attempts, states, watch, settle, reconnections: () => reconnections },
    fail: async (code: ErrorCode) => {
      attempts.at(-1)!.reject(new AppError(code, code));
      await settle();
    },
    reasons: () => states.map(({ state, cause }) => `${state}: ${cause.reason}`),
  };
}

describe('the watch of a source', () => {
  it('connects again within a second to a camera that closed the connection', async () => {
    const { attempts, watch, fail, reasons } = setUp();
    watch.live();
    await fail('STREAM_CONNECTION_FAILED');
    await vi.advanceTimersByTimeAsync(600);
    expect(attempts).toHaveLength(2);
    expect(reasons()).toEqual(['connecting: connecting', 'connecting: camera_closed']);
    await fail('STREAM_CONNECTION_FAILED');
    await vi.advanceTimersByTimeAsync(1000);
    expect(attempts).toHaveLength(3);
    expect(reasons().at(-1)).toBe('unreachable: camera_unreachable');
  });

  it('calls a camera silent that sends no video on an open connection', async () => {
    const { attempts, watch, fail, reasons } = setUp();
    watch.live();
    await fail('STREAM_TIMEOUT');
    await vi.advanceTimersByTimeAsync(600);
    attempts[1]!.open();
    await fail('STREAM_TIMEOUT');
    await vi.advanceTimersByTimeAsync(1000);
    await fail('STREAM_TIMEOUT');
    const after = ['silent: camera_silent', 'silent: camera_silent'];
    expect(reasons().slice(1)).toEqual([...after, 'unreachable: camera_unreachable']);
  });

  it('waits a minute, and then longer, after the credentials were rejected', async () => {
    const { attempts, fail, reasons } = setUp();
    await fail('STREAM_AUTH_FAILED');
    await vi.advanceTimersByTimeAsync(47_000);
    expect(attempts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(26_000);
    expect(attempts).toHaveLength(2);
    await fail('STREAM_AUTH_FAILED');
    await vi.advanceTimersByTimeAsync(95_000);
    expect(attempts).toHaveLength(2);
    expect(reasons().at(-1)).toBe('refused: camera_refused');
  });

  it.each([
    ['STREAM_TIMEOUT', true, 'silent: camera_silent'],
    ['STREAM_TIMEOUT', false, 'unreachable: camera_unreachable'],
    ['STREAM_NOT_FOUND', false, 'unreachable: camera_unreachable'],
    ['STREAM_NO_VIDEO', false, 'unreachable: undecodable'],
  ] as const)('takes %s, live: %s, for %s', async (code, isLive, expected) => {
    const { watch, fail, reasons } = setUp();
    if (isLive) watch.live();
    await fail(code);
    expect(reasons().at(-1)).toBe(expected);
  });

  it('opens another connection at once when it is interrupted', async () => {
    const { attempts, watch, settle, reasons, reconnections } = setUp();
    watch.live();
    const state = { state: 'frozen', cause: causeOf('picture_frozen') } as const;
    watch.interrupt(new Interrupt('frozen', state));
    await settle();
    expect([attempts.length, reconnections(), reasons().at(-1)]).toEqual([
      ...[2, 1],
      'frozen: picture_frozen',
    ]);
  });

  it('ends when a file has ended, or the input is wrong', async () => {
    const file = setUp('file:///videos/a.mp4');
    file.attempts[0]!.resolve();
    await file.watch.ended;
    const damaged = setUp('file:///videos/a.mp4');
    await damaged.fail('BAD_VIDEO');
    await expect(damaged.watch.ended).rejects.toMatchObject({ code: 'BAD_VIDEO' });
    const denied = setUp();
    await denied.fail('URL_FORBIDDEN');
    await expect(denied.watch.ended).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  });
});

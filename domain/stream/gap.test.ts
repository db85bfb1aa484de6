import { describe, expect, it } from 'vitest';
import { causeOf, GAP_REASONS, isGapReason } from './gap.js';

describe('reasons of gaps', () => {
  it('are the contract', () => {
    expect(Object.keys(GAP_REASONS).join(' ')).toBe(
      'starting waiting_slot connecting camera_unreachable camera_refused camera_closed ' +
        'camera_silent picture_frozen undecodable overload worker_lost host_suspended paused ' +
        'store_full clock_changed ended',
    );
  });

  it('are recognized, unlike inherited names', () => {
    expect(isGapReason('paused')).toBe(true);
    expect(['Paused', '', 'constructor', 'toString'].filter(isGapReason)).toEqual([]);
  });
});

describe('causeOf', () => {
  it('explains a reason, or takes a message', () => {
    expect(causeOf('paused')).toEqual({ reason: 'paused', message: 'The scenario was paused.' });
    expect(causeOf('paused', 'By a schedule.').message).toBe('By a schedule.');
  });
});

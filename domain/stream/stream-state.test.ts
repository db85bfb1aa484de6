import { describe, expect, it } from 'vitest';
import { GAP_REASONS, type GapReason } from './gap.js';
import { isFinal, stateOfGap, STREAM_STATES } from './stream-state.js';

describe('states of a scenario', () => {
  it('are the contract', () => {
    expect(STREAM_STATES.join(' ')).toBe(
      'waiting connecting live silent frozen refused unreachable overloaded paused stopped ended',
    );
  });

  it('are final when the workflow has closed', () => {
    expect(STREAM_STATES.filter(isFinal)).toEqual(['stopped', 'ended']);
  });

  it('include one for each reason of a gap', () => {
    const states = (Object.keys(GAP_REASONS) as GapReason[]).map(stateOfGap);
    expect(states.filter((state) => !STREAM_STATES.includes(state))).toEqual([]);
    expect(stateOfGap('camera_silent')).toBe('silent');
    expect(stateOfGap('camera_refused')).toBe('refused');
  });
});

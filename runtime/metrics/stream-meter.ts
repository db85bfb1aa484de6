import { Counter, type Registry } from 'prom-client';
import type { StreamMeter } from '../../domain/ports/meters.js';
import { isGap } from '../../domain/stream/entry.js';
import { GAP_REASONS } from '../../domain/stream/gap.js';
import { STREAM_STATES } from '../../domain/stream/stream-state.js';
import { countFromZero } from './count-from-zero.js';

/** Creates the metrics of all cameras of this process together. */
export function createStreamMeter(registers: Registry[]): StreamMeter {
  const frames = new Counter({
    name: 'vidette_stream_frames_total',
    help: 'Frames of cameras: detected, still (objects of an earlier frame) or dropped',
    labelNames: ['outcome'],
    registers,
  });
  const gaps = new Counter({
    name: 'vidette_stream_gap_seconds_total',
    help: 'Seconds of cameras without rows, by reason',
    labelNames: ['reason'],
    registers,
  });
  const states = new Counter({
    name: 'vidette_stream_states_total',
    help: 'Times that a camera came into a state; live: it was connected',
    labelNames: ['state'],
    registers,
  });
  countFromZero(frames, ['detected', 'still', 'dropped']);
  countFromZero(gaps, Object.keys(GAP_REASONS));
  countFromZero(states, STREAM_STATES);
  return {
    made: (entries) => {
      for (const entry of entries) {
        if (isGap(entry)) gaps.inc({ reason: entry.gap.reason }, secondsOf(entry.gap));
        else frames.inc({ outcome: entry.details?.still ? 'still' : 'detected' });
      }
    },
    state: (state) => states.inc({ state }),
    dropped: (count) => frames.inc({ outcome: 'dropped' }, count),
  };
}

function secondsOf({ from, to }: { readonly from: string; readonly to: string }): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

import { describe, expect, it } from 'vitest';
import { rtpPacket } from '../../test/support/rtp-packets.js';
import { parseRtp } from './rtp.js';
import { createLossCounter } from './rtp-sequence.js';

function lossesOf(...sequences: readonly (number | readonly [sequence: number, source: number])[]) {
  const countLost = createLossCounter();
  return sequences.map((given) => {
    const [sequence, source] = typeof given === 'number' ? [given, 1] : given;
    return countLost(parseRtp(rtpPacket({ sequence, source }))!);
  });
}

describe('the loss counter', () => {
  it.each([
    ['in order', [7, 8, 9], [0, 0, 0]],
    ['from zero', [0, 1], [0, 0]],
    ['wrapping around', [65_534, 65_535, 0, 1], [0, 0, 0, 0]],
    ['with a gap', [7, 10, 11], [0, 2, 0]],
    ['with a gap over the wrap', [65_535, 2], [0, 2]],
    ['repeated', [7, 7, 8], [0, undefined, 0]],
    ['late', [7, 9, 8, 10], [0, 1, undefined, 0]],
    ['late over the wrap', [1, 65_535, 2], [0, undefined, 0]],
    ['as late as possible', [200, 100, 201], [0, undefined, 0]],
    ['restarted behind', [200, 99, 100], [0, 1, 0]],
    ['half a range ahead', [0, 32_767], [0, 32_766]],
    ['half a range behind', [0, 32_768, 32_769], [0, 1, 0]],
  ])('counts packets %s', (_, sequences, expected) => {
    expect(lossesOf(...sequences)).toEqual(expected);
  });

  it('counts another source as one lost packet', () => {
    expect(lossesOf([7, 1], [7, 2], [8, 2], [1, 1])).toEqual([0, 1, 0, 1]);
  });
});

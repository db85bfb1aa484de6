import { describe, expect, it } from 'vitest';
import { h264Nal, h265Nal } from '../../test/support/rtp-packets.js';
import { createParameterSets } from './parameter-sets.js';

const [SPS, PPS, IDR, SLICE, DELIMITER] = [7, 8, 5, 1, 9].map((type) => h264Nal(type)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];

describe('the parameter sets of h264', () => {
  const start = () => createParameterSets('h264', [SPS, PPS]);

  it('are put before a keyframe that lacks them', () => {
    expect(start()([IDR], true)).toEqual([SPS, PPS, IDR]);
  });

  it('follow the access unit delimiter', () => {
    expect(start()([DELIMITER, IDR, IDR], true)).toEqual([DELIMITER, SPS, PPS, IDR, IDR]);
  });

  it('are not put before other frames', () => {
    expect(start()([SLICE], false)).toEqual([SLICE]);
  });

  it('are completed if one is missing', () => {
    const own = h264Nal(8, 3);
    expect(start()([own, IDR], true)).toEqual([SPS, own, IDR]);
  });

  it('of a keyframe that has all of them stay as they are', () => {
    const own = [h264Nal(8, 3), h264Nal(7, 3), IDR];
    expect(start()(own, true)).toEqual(own);
  });

  it('are replaced by those that the camera sends', () => {
    const complete = start();
    const own = [h264Nal(7, 3), h264Nal(8, 3), h264Nal(8, 4)];
    complete([...own, SLICE], false);
    expect(complete([IDR], true)).toEqual([...own, IDR]);
  });

  it('are not replaced by large ones', () => {
    const complete = start();
    complete([h264Nal(7, 20_000), SLICE], false);
    expect(complete([IDR], true)).toEqual([SPS, PPS, IDR]);
  });

  it('are left out if the camera sent none', () => {
    expect(createParameterSets('h264', [])([IDR], true)).toEqual([IDR]);
  });
});

it('the parameter sets of h265 are put in the order VPS, SPS, PPS', () => {
  const [vps, sps, pps, cra] = [32, 33, 34, 21].map((type) => h265Nal(type));
  const complete = createParameterSets('h265', [pps!, sps!, vps!]);
  expect(complete([cra!], true)).toEqual([vps, sps, pps, cra]);
});

import { describe, expect, it } from 'vitest';
import type { DecodeRequest } from '../../domain/ports/video-tools.js';
import { type Attempt, decodeMost, type SeekPoint, seekPoints } from './seek-points.js';

const FRAMES = [600, 601, 602].map((pts, frame) => ({ frame, pts }));
const requestAt = (fields: Partial<DecodeRequest> = {}, container = 'mov,mp4') =>
  ({
    ...{ identity: 'pts', seekPts: 600, frames: FRAMES },
    video: { container, first_pts: 0, start_time_s: 0, time_base: { num: 1, den: 1 } },
    ...fields,
  }) as DecodeRequest; // the rest is not read

describe('seekPoints', () => {
  it.each<[string, DecodeRequest, SeekPoint[]]>([
    ['at and before the keyframe', requestAt(), [600, 599.5, 590, undefined]],
    ['before the keyframe of MPEG-TS', requestAt({}, 'mpegts'), [599.5, 590, undefined]],
    ['at the start for the first keyframe', requestAt({ seekPts: 0 }), [undefined]],
    ['at the start for a keyframe after the frames', requestAt({ seekPts: 601 }), [undefined]],
    ['at the start for counted frames', requestAt({ identity: 'ordinal' }), [undefined]],
    ['not before the start', requestAt({ seekPts: 5 }), [5, 4.5, undefined]],
  ])('are %s', (_, request, points) => {
    expect(seekPoints(request)).toEqual(points);
  });
});

describe('decodeMost', () => {
  /** Finds the frames that a table lists for each seek point. */
  const decoder = (found: Record<string, number[]>, log = '') => {
    const seeks: SeekPoint[] = [];
    const decode = (seek: SeekPoint): Promise<Attempt> => {
      seeks.push(seek);
      const frames = found[String(seek)] ?? found.other ?? [];
      return Promise.resolve({ found: FRAMES.filter(({ frame }) => frames.includes(frame)), log });
    };
    return { seeks, decode };
  };

  it('tries earlier points while any frame is missing, not only the first', async () => {
    const { seeks, decode } = decoder({ '590': [0, 1, 2], other: [0, 2] });
    expect((await decodeMost(requestAt(), decode)).found).toEqual(FRAMES);
    expect(seeks).toEqual([600, 599.5, 590]);
  });

  it('ends at the start of the file', async () => {
    const { seeks, decode } = decoder({ undefined: [0, 1, 2], other: [0, 1] });
    expect((await decodeMost(requestAt(), decode)).found).toEqual(FRAMES);
    expect(seeks).toEqual([600, 599.5, 590, undefined]);
  });

  it('returns the attempt with the most frames, as the last that ran', async () => {
    const { seeks, decode } = decoder({ '599.5': [0, 1], other: [0] });
    expect((await decodeMost(requestAt(), decode)).found).toEqual(FRAMES.slice(0, 2));
    expect(seeks).toEqual([600, 599.5, 590, undefined, 599.5]);
  });

  it('does not decode a long video from its start for frames that are damaged', async () => {
    const { seeks, decode } = decoder({ other: [0, 2] }, 'error while decoding MB 3 4');
    expect((await decodeMost(requestAt(), decode)).found).toHaveLength(2);
    expect(seeks).toEqual([600, 599.5, 590]);
  });

  it('decodes from the start if it is near, although there are errors', async () => {
    const { seeks, decode } = decoder({ other: [0, 2] }, 'error while decoding MB 3 4');
    const frames = FRAMES.map(({ frame }) => ({ frame, pts: 100 + frame }));
    await decodeMost(requestAt({ frames, seekPts: 100 }), decode);
    expect(seeks.at(-1)).toBeUndefined();
  });
});

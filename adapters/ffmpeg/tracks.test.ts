import { describe, expect, it } from 'vitest';
import { chooseTrack, type Track } from './tracks.js';

const trackOf = (width: number, isDefault: 0 | 1 = 0): Track => ({
  ...{ codec_name: 'h264', width, height: width, disposition: { default: isDefault } },
});

describe('chooseTrack', () => {
  it.each<[what: string, tracks: Track[], track: number]>([
    ['the only one', [trackOf(64)], 0],
    ['the first without a default', [trackOf(64), trackOf(320)], 0],
    ['the default one', [trackOf(64), trackOf(320, 1)], 1],
    ['the first of two defaults', [trackOf(64), trackOf(320, 1), trackOf(160, 1)], 1],
    ['one of known size', [trackOf(0, 1), trackOf(320)], 1],
    ['the first if no size is known', [trackOf(0), trackOf(0)], 0],
  ])('takes %s', (_, tracks, track) => {
    expect(chooseTrack(tracks).track).toBe(track);
  });

  it('takes the requested one, without a warning', () => {
    const tracks = [trackOf(64), trackOf(320, 1)];
    expect(chooseTrack(tracks, 0)).toEqual({ track: 0, warnings: [] });
  });

  it('lists several tracks in a warning', () => {
    expect(chooseTrack([trackOf(64)]).warnings).toEqual([]);
    expect(chooseTrack([trackOf(64), trackOf(320, 1)]).warnings).toEqual([
      'The file has 2 video tracks: 0 (64x64, h264), 1 (320x320, h264, default). ' +
        'Track 1 is used; choose another with the option "track".',
    ]);
  });

  it('rejects a track that does not exist', () => {
    expect(() => chooseTrack([trackOf(64)], 1)).toThrow(
      'track: the file has no video track 1. Choose one of: 0 (64x64, h264).',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { playableType } from './browser-playback.js';
import { fakeVideoInfo } from '../../test/support/fake-video-tools.js';

const MP4 = 'mov,mp4,m4a,3gp,3g2,mj2';
const WEBM = 'matroska,webm';

describe('playableType', () => {
  it.each([
    ['h264', 'yuv420p', MP4, ['aac'], 'video/mp4'],
    ['h264', 'yuv420p', MP4, [], 'video/mp4'],
    ['h264', 'yuv420p', MP4, ['aac', 'ac3'], undefined],
    ['h264', 'yuv420p10le', MP4, ['aac'], undefined],
    ['h264', 'yuv444p', MP4, [], undefined],
    ['h264', 'yuv420p', WEBM, ['aac'], undefined],
    ['h264', 'yuv420p', 'mpegts', ['aac'], undefined],
    ['hevc', 'yuv420p', MP4, ['aac'], undefined],
    ['mpeg4', 'yuv420p', 'avi', ['mp3'], undefined],
    ['vp9', 'yuv420p', WEBM, ['opus'], 'video/webm'],
    ['vp9', 'yuv420p', WEBM, ['aac'], undefined],
    ['vp9', 'yuv420p', MP4, ['opus'], 'video/mp4'],
    ['av1', 'yuv420p10le', MP4, [], 'video/mp4'],
    ['vp8', 'yuv420p', MP4, [], undefined],
  ])('of %s %s in %s with %j is %s', (codec, pixel_format, container, sound, expected) => {
    const video = { ...fakeVideoInfo(), codec, pixel_format, container, sound };
    expect(playableType(video)).toBe(expected);
  });

  it.each([
    [0, 'video/mp4'],
    [0.08, undefined],
    [2.5, undefined],
    [-12.3, undefined],
  ])('of a video that starts at %d s is %s', (start_time_s, expected) => {
    const kind = { codec: 'h264', pixel_format: 'yuv420p', container: MP4, sound: [] };
    expect(playableType({ ...fakeVideoInfo(), ...kind, start_time_s })).toBe(expected);
  });

  it('of a video with several tracks is undefined: players choose one of their own', () => {
    const kind = { codec: 'h264', pixel_format: 'yuv420p', container: MP4, sound: [] };
    expect(playableType({ ...fakeVideoInfo(), ...kind, track: 0 })).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { firstErrorLine, explainLog, unreadable, withoutVideo } from './ffmpeg-log.js';

const REFUSED =
  "[image2 @ 0x55f4] Format not on whitelist 'mov,avi'\nfile:/s/source: Invalid argument";

describe('firstErrorLine', () => {
  it.each<[log: string, complaint: string | undefined]>([
    ['', undefined],
    ['    Last message repeated 1 times', undefined],
    ["[als @ 0x55d4] Codec (als) not on whitelist 'h264'", undefined],
    ['[mov,mp4 @ 0x561a] moov atom not found', 'moov atom not found'],
    [
      '[h264 @ 0x562b] [IMGUTILS @ 0x7fff] Picture size 1x0 is invalid',
      'Picture size 1x0 is invalid',
    ],
    ['file:/a b/it: s/source: End of file', 'End of file'],
    ['no palette..', 'no palette'],
    ['x'.repeat(500), 'x'.repeat(160)],
  ])('of %j is %j', (log, complaint) => {
    expect(firstErrorLine(log)).toBe(complaint);
  });
});

describe('explainLog', () => {
  it.each<[log: string, meaning: string | undefined]>([
    ['', undefined],
    ['Something new', 'it cannot be read (Something new)'],
    [
      '[mov @ 0x1] moov atom not found',
      expect.stringMatching(/^its index is missing.*moov/) as string,
    ],
    [
      'file:/s/source: Invalid data found when processing input',
      expect.stringMatching(/damaged$/) as string,
    ],
    [
      'Error while decoding stream #0:0: Invalid data found when processing input',
      'its frames are damaged or encrypted',
    ],
    [REFUSED, expect.stringMatching(/^it is an image, a playlist/) as string],
  ])('explains %j in plain words', (log, meaning) => {
    expect(explainLog(log)).toEqual(meaning);
  });
});

describe('withoutVideo', () => {
  const refused = (codec: string) => `[${codec} @ 0x1] Codec (${codec}) not on whitelist 'h264'`;

  it.each(['magicyuv', 'libaom-av1'])('names the codec %s and a command that converts', (codec) => {
    const { code, message } = withoutVideo(refused(codec), 9);
    expect(code).toBe('BAD_VIDEO');
    expect(message).toContain(`unsupported codec (${codec}). Convert it with "ffmpeg -i VIDEO `);
  });

  it('has another reason if the log has one', () => {
    expect(withoutVideo('', 9).message).toContain('it has no video stream. Check');
    const log = `${refused('aac')}\n[mov @ 0x1] moov atom not found`;
    expect(withoutVideo(log, 9).message).toContain('its index is missing');
  });
});

describe('unreadable', () => {
  it('is LIMIT_EXCEEDED if the frames are too large', () => {
    const log =
      '[h264 @ 0x1] [IMGUTILS @ 0x2] Picture size 16384x8192 exceeds specified max pixel count 9';
    expect(unreadable(log, 9, 'no reason')).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('16384x8192') as string,
    });
  });

  it('is BAD_VIDEO otherwise, always with a reason', () => {
    expect(unreadable('', 9, 'no reason')).toMatchObject({
      code: 'BAD_VIDEO',
      message: expect.stringContaining('decoded as video: no reason. Check') as string,
    });
  });
});

import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { readTimes } from './read-times.js';

/** Output of ffmpeg 5.1.9 for `metadata=add:key=vidette:value=1,metadata=print`. */
const OUTPUT = [
  'frame:0    pts:1768134605123 pts_time:1.76813e+09\nvidette=1\n',
  'frame:1    pts:1768134605600 pts_time:1.76813e+09\nvidette=1\n',
  'frame:2    pts:-40     pts_time:-0.04\nvidette=1\n',
].join('');
const timesOf = (chunks: readonly string[]) =>
  collect(readTimes(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))));

describe('readTimes', () => {
  it('reads the time of each frame, wherever the output is split', async () => {
    for (let at = 0; at <= OUTPUT.length; at++) {
      const times = await timesOf([OUTPUT.slice(0, at), OUTPUT.slice(at)]);
      expect(times).toEqual([1768134605123, 1768134605600, -40]);
    }
  });

  it('leaves out an incomplete line at the end', async () => {
    expect(await timesOf(['frame:0 pts:12'])).toEqual([]);
  });

  it('rejects a frame without a timestamp', async () => {
    await expect(timesOf(['frame:0    pts:NOPTS pts_time:NOPTS\n'])).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message: expect.stringContaining('has no timestamp') as string,
    });
  });

  it('rejects a line that does not end', async () => {
    const endless = Array.from({ length: 50 }, () => 'x'.repeat(100));
    await expect(timesOf(endless)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });
});

import { describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { ACCESS_UNIT_BYTES_MAX, createArrivalOrder } from '../../domain/stream/access-unit.js';
import { pollJpegs, readMjpeg } from './jpeg-units.js';

const { signal } = new AbortController();
const KEYFRAME = { ts: 0, cameraTime: null, key: true, damaged: false, codec: 'mjpeg' };
const jpeg = (value: number) => Buffer.from([0xff, 0xd8, 0xff, value]);
const part = (data: Buffer) =>
  Buffer.concat([Buffer.from(`--b\r\nContent-Length: ${data.length}\r\n\r\n`), data]);

async function* bodyOf(...chunks: Buffer[]) {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
/** A clock that advances by 40 ms per unit. */
function clock(startMs = 1000) {
  let now = startMs - 40;
  return () => (now += 40);
}

describe('readMjpeg', () => {
  it('returns each JPEG as a keyframe with its arrival', async () => {
    const body = bodyOf(Buffer.concat([part(jpeg(1)), part(jpeg(2)).subarray(0, 9)]));
    const units = await collect(readMjpeg(body, 'b', clock()));
    expect(units).toEqual([{ ...KEYFRAME, arrival: 1000, data: jpeg(1) }]);
  });

  it('leaves out parts that are not JPEGs', async () => {
    const others = [Buffer.alloc(0), Buffer.from('text'), Buffer.from('ffd8', 'hex')].map(part);
    const units = await collect(readMjpeg(bodyOf(...others, part(jpeg(3))), 'b', clock()));
    expect(units.map(({ data }) => data)).toEqual([jpeg(3)]);
  });

  it('ends at the closing delimiter, although the connection stays open', async () => {
    const closing = Buffer.from('--b--\r\n');
    const never = new Promise<never>(() => undefined);
    async function* endless() {
      yield* bodyOf(part(jpeg(1)), closing);
      await never;
    }
    expect(await collect(readMjpeg(endless(), 'b', clock()))).toHaveLength(1);
  });

  it('rejects an image above the limit of bytes', async () => {
    const header = `--b\r\nContent-Length: ${ACCESS_UNIT_BYTES_MAX + 1}\r\n\r\n`;
    const units = readMjpeg(bodyOf(Buffer.from(header)), 'b', clock());
    await expect(collect(units)).rejects.toThrow('of more than 8388608 bytes');
  });
});

describe('pollJpegs', () => {
  const failing = () => Promise.reject(new Error('the camera is unavailable'));

  it('requests one JPEG per slot until a request fails', async () => {
    const bodies = [bodyOf(jpeg(2)), bodyOf(jpeg(3).subarray(0, 2), jpeg(3).subarray(2))];
    const request = () => {
      const body = bodies.shift();
      return body ? Promise.resolve(body) : failing();
    };
    const data: Buffer[] = [];
    const times: number[] = [];
    const order = createArrivalOrder();
    const options = { fps: 20, arrivals: () => order(Date.now()), signal };
    const units = pollJpegs(bodyOf(jpeg(1)), request, options);
    const reading = (async () => {
      for await (const unit of units) {
        data.push(unit.data);
        times.push(unit.arrival);
      }
    })();
    await expect(reading).rejects.toThrow('the camera is unavailable');
    expect(data).toEqual([jpeg(1), jpeg(2), jpeg(3)]);
    const slots = times.map((time) => Math.floor(time / 50));
    expect(new Set(slots).size).toBe(3);
  });

  it.each<[what: string, chunks: Buffer[], message: string]>([
    ['nothing', [], 'not a JPEG'],
    ['a page', [Buffer.from('<html>')], 'not a JPEG'],
    ['an image above the limit', [jpeg(1), Buffer.alloc(ACCESS_UNIT_BYTES_MAX)], 'of more than'],
  ])('rejects %s', async (_, chunks, message) => {
    const options = { fps: 2, arrivals: clock(), signal };
    await expect(collect(pollJpegs(bodyOf(...chunks), failing, options))).rejects.toThrow(message);
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    const options = { fps: 0.1, arrivals: clock(), signal: controller.signal };
    const units = pollJpegs(bodyOf(jpeg(1)), failing, options);
    await units.next();
    const next = units.next();
    controller.abort();
    await expect(next).rejects.toThrow('aborted');
  });
});

import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finishClip } from '../../adapters/mp4/finish-clip.js';
import { createFragmentedMp4 } from '../../adapters/mp4/fragmented-mp4.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { decodeNumbers } from '../support/decode-numbers.js';
import { readPackets } from '../support/read-packets.js';

const SIZE = { width: 320, height: 180 };
const [FRAMES, GOP] = [130, 25];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-clip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function record(codec: NalCodec, units: readonly AccessUnit[]): Promise<string> {
  const parts: Uint8Array[] = [];
  const write = (bytes: Uint8Array) => Promise.resolve(void parts.push(bytes));
  const mp4 = createFragmentedMp4({ codec, size: SIZE, write });
  for (const unit of units) await mp4.add(unit);
  await mp4.close();
  const path = join(folder, `${codec}.part.mp4`);
  await writeFile(path, Buffer.concat(parts));
  return path;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe.each<NalCodec>(['h264', 'h265'])('a finished clip of %s', (codec) => {
  let units: AccessUnit[];
  let source: string;
  const output = () => join(folder, `${codec}.mp4`);
  beforeAll(async () => {
    const clip = { codec, size: SIZE, frames: FRAMES, gop: GOP, startMs: Date.UTC(2026, 0, 11) };
    units = await makeCodedUnits(join(folder, codec), clip);
    source = await record(codec, units);
  });

  it('has every packet of its recording, and lasts for all of them', async () => {
    expect(await finishClip({ source, output: output(), lengthMs: Infinity })).toBe(129 * 40);
    const recorded = await readPackets(source);
    expect(recorded).toHaveLength(FRAMES);
    expect(await readPackets(output())).toEqual(recorded);
    expect(await decodeNumbers(output(), SIZE)).toEqual(numbers(FRAMES));
    const entries = ['-show_entries', 'format=duration', '-of', 'csv=p=0'];
    const { stdout } = await execa('ffprobe', ['-v', 'error', ...entries, output()]);
    expect(Number(stdout)).toBeCloseTo(FRAMES * 0.04, 2);
  });

  it('has its index before its packets', async () => {
    await finishClip({ source, output: output(), lengthMs: Infinity });
    const bytes = await readFile(output());
    expect(bytes.indexOf('moov')).toBeGreaterThan(0);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.indexOf('moof')).toBe(-1);
  });

  it.each([
    [0, 1],
    [1999, 50],
    [2000, 51],
  ])('ends at %d ms with packet number %d', async (lengthMs, count) => {
    expect(await finishClip({ source, output: output(), lengthMs })).toBe((count - 1) * 40);
    expect(await decodeNumbers(output(), SIZE)).toEqual(numbers(count));
  });

  it('has the frames of a recording that was cut off', async () => {
    const whole = await readFile(source);
    const path = join(folder, `${codec}-cut.part.mp4`);
    await writeFile(path, whole);
    // In the fourth fragment: three seconds are whole.
    const fragments = [...whole.toString('latin1').matchAll(/moof/g)].map(({ index }) => index);
    await truncate(path, fragments[3]! + 500);
    expect(await finishClip({ source: path, output: output(), lengthMs: Infinity })).toBe(74 * 40);
    expect(await decodeNumbers(output(), SIZE)).toEqual(numbers(75));
  });

  it('is refused if not one packet was stored', async () => {
    const path = join(folder, `${codec}-none.part.mp4`);
    const failure = { code: 'BAD_VIDEO' };
    const finish = () => finishClip({ source: path, output: output(), lengthMs: 1000 });
    await writeFile(path, '');
    await expect(finish()).rejects.toMatchObject(failure);
    const whole = await readFile(source);
    await writeFile(path, whole.subarray(0, whole.indexOf('mdat') + 400));
    await expect(finish()).rejects.toMatchObject(failure);
  });
});

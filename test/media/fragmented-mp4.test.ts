import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFragmentedMp4 } from '../../adapters/mp4/fragmented-mp4.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { decodeNumbers } from '../support/decode-numbers.js';
import { readPackets } from '../support/read-packets.js';

const START = Date.UTC(2026, 0, 11, 12, 30, 5, 123);
const SIZE = { width: 320, height: 180 };
const [FRAMES, GOP] = [130, 25];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-fmp4-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes units to a file; returns its path and its parts as they were written. */
async function write(codec: NalCodec, units: readonly AccessUnit[]) {
  const parts: Buffer[] = [];
  const partsAfter: number[] = [];
  const mp4 = createFragmentedMp4({
    ...{ codec, size: SIZE },
    write: (bytes) => Promise.resolve(void parts.push(Buffer.from(bytes))),
  });
  for (const unit of units) {
    await mp4.add(unit);
    partsAfter.push(parts.length);
  }
  await mp4.close();
  const path = join(folder, `${codec}.mp4`);
  await writeFile(path, Buffer.concat(parts));
  return { path, parts, partsAfter };
}

describe.each<NalCodec>(['h264', 'h265'])('a fragmented MP4 of %s', (codec) => {
  let units: AccessUnit[];
  beforeAll(async () => {
    const clip = { codec, size: SIZE, frames: FRAMES, gop: GOP, startMs: START };
    units = await makeCodedUnits(join(folder, codec), clip);
  });

  it('has every packet at its time, and every frame', async () => {
    const { path } = await write(codec, units);
    const packets = await readPackets(path);
    expect(packets.map(({ pts }) => pts)).toEqual(units.map((_, i) => i * 40));
    expect(packets.map(({ key }) => key)).toEqual(units.map(({ key }) => key));
    expect(await decodeNumbers(path, SIZE)).toEqual(units.map((_, i) => i));
  });

  it('is written up to each keyframe when the next one is added', async () => {
    const { parts, partsAfter } = await write(codec, units);
    const path = join(folder, `${codec}-part.mp4`);
    await writeFile(path, Buffer.concat(parts.slice(0, partsAfter[2 * GOP])));
    expect(await readPackets(path)).toHaveLength(2 * GOP);
  });

  it('rejects units that do not start with a keyframe, or have no parameter sets', async () => {
    await expect(write(codec, units.slice(1))).rejects.toThrow();
    const broken = { ...units[0]!, data: Buffer.alloc(500, 1) };
    await expect(write(codec, [broken])).rejects.toThrow();
  });

  it('reports that its bytes cannot be written', async () => {
    const write = () => Promise.reject(new Error('No space left'));
    const mp4 = createFragmentedMp4({ codec, size: SIZE, write });
    const adding = async () => {
      for (const unit of units) await mp4.add(unit);
      await mp4.close();
    };
    await expect(adding()).rejects.toThrow('No space left');
  });
});

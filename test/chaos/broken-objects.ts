import pMap from 'p-map';
import { BUCKETS, keys } from '../../domain/names.js';
import { packEntries } from '../../domain/video/pack.js';
import { readPart } from '../../domain/result/part.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

const CONCURRENT_GETS = 8;

/** How to tell that an object is whole, by its name: it throws, or gives false. */
const KINDS: readonly (readonly [name: RegExp, isWhole: (data: Buffer) => boolean])[] = [
  [/^frames\/[^/]+\/\d+\.jpg$/, isWholeJpeg],
  [/^frames\/[^/]+\/\d+\.pack$/, isWholePack],
  [/^frames\/[^/]+\/\d+\.json$/, isJson],
  [/^parts\/[^/]+\/\d+\.jsonl$/, (data) => data.at(-1) === 0x0a && readPart(data).rows.length >= 0],
  [/^tables\/[^/]+\/plan\.json$/, isJson],
  [/^tables\/[^/]+\/pts\.bin$/, (data) => data.length > 0 && data.length % 8 === 0],
  [/^results\/[^/]+\.json$/, isJson],
];

/** Objects of an event that are incomplete or unexpected. */
export async function brokenObjects(store: ObjectStore, eventId: string): Promise<string[]> {
  const folders = [
    [BUCKETS.frames, `frames/${eventId}/`],
    [BUCKETS.results, `parts/${eventId}/`],
    [BUCKETS.results, `tables/${eventId}/`],
    [BUCKETS.results, keys.result(eventId)],
  ] as const;
  const found = await Promise.all(
    folders.map(([bucket, prefix]) => brokenIn(store, bucket, prefix)),
  );
  return found.flat();
}

async function brokenIn(store: ObjectStore, bucket: string, prefix: string): Promise<string[]> {
  const broken = async (key: string) => {
    const data = await store.get(bucket, key);
    return isWhole(key, data) ? [] : [`${key}, ${data.length} bytes`];
  };
  const all: string[] = [];
  for await (const key of store.list(bucket, prefix)) all.push(key);
  return (await pMap(all, broken, { concurrency: CONCURRENT_GETS })).flat();
}

function isWhole(key: string, data: Buffer): boolean {
  const [, isKindWhole] = KINDS.find(([name]) => name.test(key)) ?? [];
  try {
    return isKindWhole?.(data) ?? false;
  } catch {
    return false;
  }
}

function isWholeJpeg(data: Buffer): boolean {
  return data.readUInt16BE(0) === 0xffd8 && data.readUInt16BE(data.length - 2) === 0xffd9;
}

function isWholePack(data: Buffer): boolean {
  return packEntries(data).every(([, offset, length]) =>
    isWholeJpeg(data.subarray(offset, offset + length)),
  );
}

function isJson(data: Buffer): boolean {
  return typeof JSON.parse(data.toString('utf8')) === 'object';
}

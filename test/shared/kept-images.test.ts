import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { json, startApi, type TestApi } from '../support/api.js';
import { commandOn } from '../support/command-line.js';
import { formOf, startImageApi } from '../support/image-api.js';

const api = startImageApi();
const { post } = api;

describe('kept images', () => {
  const days = { VIDETTE_MODEL: 'mock', VIDETTE_KEEP_PICTURES_DAYS: '1', VIDETTE_AUDIT_RATE: '1' };
  let keeping: TestApi;
  beforeAll(async () => {
    keeping = await startApi(api.stack, days);
  });
  afterAll(() => keeping?.stop());

  /** Draws an image of 40 x 30 that no other test has. */
  const drawUnique = () => {
    const [r = 0, g = 0, b = 0] = randomBytes(3);
    const size = { width: 40, height: 30, channels: 3 } as const;
    return sharp({ create: { ...size, background: { r, g, b } } })
      .png()
      .toBuffer();
  };

  interface Logged {
    readonly prediction_id: string;
    readonly picture?: { readonly sha256: string };
    readonly audit?: boolean;
  }
  /** Predicts an image, and returns the record of that prediction. */
  const predict = async (url: string, image: Buffer): Promise<Logged> => {
    const request = fetch(`${url}/predict`, { method: 'POST', body: formOf({}, image) });
    const { prediction_id } = await json<Logged>(request);
    const page = json<{ readonly predictions: Logged[] }>(fetch(`${url}/predictions?limit=100`));
    return (await page).predictions.find((each) => each.prediction_id === prediction_id)!;
  };

  it('are stored with their prediction, served, and pinned by feedback', async () => {
    const image = await drawUnique();
    const hash = sha256(image);
    const { prediction_id, picture: kept, audit } = await predict(keeping.url, image);
    const key = keys.image(hash);
    expect(kept).toEqual({ bucket: BUCKETS.pictures, key, sha256: hash, width: 40, height: 30 });
    expect(audit).toBe(true);
    const served = await keeping.at(`/pictures/${hash}`);
    expect(served.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await served.arrayBuffer()).equals(image)).toBe(true);

    const { keptImages: images } = api.stack.documents;
    const soon = { before: new Date(Date.now() + 60_000), now: new Date(), limit: 1000 };
    expect((await post('/feedback', { prediction_id, class: 'кот' })).status).toBe(201);
    expect(await images.reserveUnused(soon)).not.toContain(hash);
  });

  it('are reviewed on the command line', async () => {
    const [first, second] = [await drawUnique(), await drawUnique()];
    const ids: string[] = [];
    for (const image of [first, second]) {
      ids.push((await predict(keeping.url, image)).prediction_id);
    }
    const review = (...args: string[]) => commandOn(api.stack, 'review', ...args);
    const listed = async () =>
      ((await review('--kind', 'audit', '--limit', '1000', '--list')) as Logged[]).map(
        ({ prediction_id }) => prediction_id,
      );
    expect(await listed()).toEqual(expect.arrayContaining(ids));
    await review('confirm', ids[0]!, '--by', 'ann');
    await review('correct', ids[1]!, '--class', 'кот', '--by', 'ann');
    const left = await listed();
    expect(ids.filter((id) => left.includes(id))).toEqual([]);
    const unknown = await commandOn(api.stack, 'review', 'confirm', '0'.repeat(24)).catch(
      (error: unknown) => error,
    );
    expect(String(unknown)).toContain('does not exist');
  });

  it('are not stored at 0 days', async () => {
    const { picture: kept, audit } = await predict(api.url, await drawUnique());
    expect([kept, audit]).toEqual([undefined, undefined]);
  });
});

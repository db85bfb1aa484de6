import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import type { FrameFeedback, VidetteClient } from '../../client/index.js';
import { createApiKey } from '../../domain/api-key.js';
import { sha256 } from '../../domain/hash.js';
import type { Feedback, PredictionLog } from '../../domain/result/prediction-log.js';
import type { Images } from '../images/index.js';
import { JOBS } from './paths.js';

const KNOWN = '665f1c2e9b1e8a0012345678';
const HASH = sha256('image');
const record = {
  ...{ image_hash: '', predicted_class: 'cat', confidence: 0.9, prediction_time: 0.01 },
  ...{ model: { name: 'm', version: 1, sha256: HASH }, time: new Date() },
  picture: { bucket: 'pictures', key: '', sha256: HASH, width: 100, height: 50 },
};
const CAT = { class: 'cat', box: [0, 0, 100, 50] };
const OUTSIDE = { class: 'cat', box: [0, 0, 101, 50] };

let api: ListeningApi;
let documents: ReturnType<typeof createMemoryDocumentStore>;
let given: Feedback[];
let corrections: unknown[];
beforeEach(() => {
  given = [];
  corrections = [];
});
afterEach(() => api.server.close());

const time = new Date(Date.UTC(2026, 0, 1));
const listed: FrameFeedback = { event_id: 'e1', frame_id: 5, objects: [], by: 'ann', time };

async function start(...options: Partial<Parameters<typeof listen>>): Promise<void> {
  const log = {
    find: (id) => Promise.resolve(id === KNOWN ? record : undefined),
    addFeedback: (feedback) => Promise.resolve(void given.push(feedback)),
  } as PredictionLog;
  const client: Partial<VidetteClient> = {
    addFrameFeedback: (event_id, correction) => {
      corrections.push({ event_id, ...correction });
      return Promise.resolve({ event_id, frame_id: correction.frame_id, new_classes: ['fox'] });
    },
    frameFeedback: () => Promise.resolve({ feedback: [listed], next: '5/ann' }),
  };
  const [variables = {}, apiKeys = []] = options;
  documents = createMemoryDocumentStore({ apiKeys });
  const services = { client: client as VidetteClient, documents, images: { log } as Images };
  api = await listen(variables, apiKeys, undefined, undefined, services);
}

const post = (body: object, headers = {}) =>
  api.ask('/feedback', {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('POST /feedback', () => {
  it('stores feedback on a prediction and pins its image', async () => {
    await start();
    await documents.keptImages.use(HASH, new Date(0));
    const answer = await post({ prediction_id: KNOWN, objects: [CAT] });
    expect(answer).toMatchObject({ status: 201, body: JSON.stringify({ prediction_id: KNOWN }) });
    expect(given).toMatchObject([{ prediction_id: KNOWN, objects: [CAT] }]);
    const unused = { before: new Date(), now: new Date(), limit: 1 };
    expect(await documents.keptImages.reserveUnused(unused)).toEqual([]);
  });

  it('stores feedback on a frame', async () => {
    await start();
    const frame = { event_id: 'e1', frame_id: 5, objects: [CAT], comment: 'a fox' };
    const answer = await post(frame);
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body)).toEqual({ event_id: 'e1', frame_id: 5, new_classes: ['fox'] });
    expect(corrections).toEqual([frame]);
  });

  it('records the name of the key', async () => {
    const created = { name: 'ann', scopes: ['write' as const], rate_per_minute: 1000 };
    const { key, stored } = createApiKey(created, new Date());
    await start({ VIDETTE_API_AUTH: 'keys' }, [stored]);
    const headers = { authorization: `Bearer ${key}` };
    await post({ prediction_id: KNOWN, class: 'fox' }, headers);
    await post({ event_id: 'e1', frame_id: 5, objects: [] }, headers);
    expect([given[0]?.by, corrections[0]]).toEqual(['ann', expect.objectContaining({ by: 'ann' })]);
  });

  it.each([
    ['a box outside the image', { prediction_id: KNOWN, objects: [OUTSIDE] }, 'objects.0.box'],
    ['neither a prediction nor a frame', { class: 'cat' }, 'either a prediction_id'],
    [
      'both',
      { prediction_id: KNOWN, event_id: 'e1', frame_id: 5, objects: [] },
      'either a prediction_id',
    ],
    ['a frame without objects', { event_id: 'e1', frame_id: 5, comment: 'no' }, 'objects'],
    ['a frame without an index', { event_id: 'e1', objects: [] }, 'frame_id'],
    ['a frame with a class', { event_id: 'e1', frame_id: 5, objects: [], class: 'cat' }, 'class'],
    ['nothing to store', { prediction_id: KNOWN }, 'expected a class'],
    ['a misspelled field', { prediction_id: KNOWN, clas: 'cat' }, 'clas'],
  ])('rejects %s', async (_, body, message) => {
    await start();
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(message);
    expect([...given, ...corrections]).toEqual([]);
  });
});

it('lists the feedback on the frames of a job', async () => {
  await start();
  const answer = await api.ask(`${JOBS}/e1/feedback?limit=1`);
  const feedback = [{ ...listed, time: time.toISOString() }];
  expect(JSON.parse(answer.body)).toEqual({ feedback, next: '5/ann' });
});

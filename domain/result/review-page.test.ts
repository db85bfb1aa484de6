import { describe, expect, it } from 'vitest';
import type { LoggedPrediction, PredictionLog } from './prediction-log.js';
import { reviewCases, reviewPage, type ReviewQuery } from './review-page.js';

const SINCE = new Date(Date.UTC(2026, 0, 1));
const IMAGE = { bucket: 'pictures', key: '', sha256: '', width: 1, height: 1 };

/** A prediction with a number that its id contains; `reviewed` ones have feedback. */
const logged = (number: number, version = 1, reviewed = false): LoggedPrediction => {
  const prediction_id = number.toString(16).padStart(24, '0');
  const feedback = reviewed ? [{ prediction_id, class: 'cat', time: SINCE }] : [];
  return {
    ...{ prediction_id, image_hash: '', predicted_class: 'cat', confidence: 0.2, audit: true },
    ...{ prediction_time: 0.1, model: { name: 'm', version, sha256: '' }, time: SINCE },
    ...{ picture: IMAGE, feedback },
  };
};
const ids = (...numbers: number[]) => numbers.map((number) => logged(number).prediction_id);

/** A log of predictions, the newest last; it records what is read. */
function logOf(all: readonly LoggedPrediction[]) {
  const reads: unknown[] = [];
  const read = (name: string) => (query: Parameters<PredictionLog['list']>[0]) => {
    reads.push([name, query]);
    const older = all.filter((each) => !query.before || each.prediction_id < query.before);
    return Promise.resolve(older.toReversed().slice(0, query.limit));
  };
  return { reads, list: read('list'), listWithFeedback: read('listWithFeedback') };
}

const query = (fields: Partial<ReviewQuery> = {}): ReviewQuery => ({
  ...{ kind: 'audit', limit: 2, since: SINCE, erased: new Map() },
  ...fields,
});

describe('a page of the review queue', () => {
  it('continues after the last prediction of the page before', async () => {
    const log = logOf([1, 2, 3, 4].map((number) => logged(number, 1, number === 3)));
    const first = await reviewPage(log, query());
    expect(first.predictions.map(({ prediction_id }) => prediction_id)).toEqual(ids(4, 2));
    const second = await reviewPage(log, query({ before: first.next! }));
    expect(second.predictions.map(({ prediction_id }) => prediction_id)).toEqual(ids(1));
    expect(second.next).toBeNull();
  });

  it('contains the predictions of a model, or of one of its versions', async () => {
    const log = logOf([logged(1, 1), logged(2, 2)]);
    const of = async (model: ReviewQuery['model']) =>
      (await reviewPage(log, query({ model }))).predictions.map(
        ({ model: { version } }) => version,
      );
    expect(await of({ name: 'm' })).toEqual([2, 1]);
    expect(await of({ name: 'm', version: 1 })).toEqual([1]);
    expect(await of({ name: 'other' })).toEqual([]);
  });

  it('leaves out predictions whose image was erased', async () => {
    const log = logOf([logged(1)]);
    expect((await reviewPage(log, query())).predictions).toHaveLength(1);
    const erased = new Map([[IMAGE.sha256, SINCE]]);
    expect((await reviewPage(log, query({ erased }))).predictions).toEqual([]);
  });

  it('ends after a bounded number of predictions, from which the next one continues', async () => {
    const reviewed = Array.from({ length: 2500 }, (_, i) => logged(i + 1, 1, true));
    const log = logOf([logged(0), ...reviewed]);
    const first = await reviewPage(log, query());
    expect(first).toEqual({ predictions: [], next: ids(501)[0] });
    const second = await reviewPage(log, query({ before: first.next! }));
    expect(second.predictions.map(({ prediction_id }) => prediction_id)).toEqual(ids(0));
  });

  it.each([
    ['audit', ['list', { audit: true, since: SINCE }]],
    ['low-confidence', ['list', { belowConfidence: 0.5, since: SINCE }]],
    ['disagreement', ['listWithFeedback', {}]],
  ] as const)('of %s reads only what can belong to it', async (kind, [name, selected]) => {
    const log = logOf([]);
    await reviewPage(log, query({ kind }));
    expect(log.reads).toEqual([[name, { before: undefined, limit: 100, ...selected }]]);
  });
});

describe('a page of given predictions', () => {
  const all = [logged(1), logged(2, 1, true), logged(3), { ...logged(4), picture: undefined }];
  const found = new Map(all.map((each) => [each.prediction_id, each]));
  const log = { findLogged: (id: string) => Promise.resolve(found.get(id)) };
  async function* given(...numbers: number[]) {
    await Promise.resolve();
    yield* ids(...numbers);
  }
  const pageOf = async (limit: number, before?: string) => {
    const page = await reviewCases(log, given(3, 5, 2, 4, 1), {
      ...{ limit, before, erased: new Map() },
    });
    return [page.predictions.map(({ prediction_id }) => prediction_id), page.next];
  };

  it('has those without feedback whose image is kept, in their order', async () => {
    expect(await pageOf(5)).toEqual([ids(3, 1), null]);
  });

  it('continues after the last prediction of the page before', async () => {
    const [id] = ids(3);
    expect(await pageOf(1)).toEqual([[id], id]);
    expect(await pageOf(1, id)).toEqual([ids(1), ids(1)[0]]);
    expect(await pageOf(1, ids(1)[0])).toEqual([[], null]);
  });
});

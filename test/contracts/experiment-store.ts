import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Experiment } from '../../domain/experiment/experiment.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { auditedPrediction, experimentOf } from '../support/experiments.js';

/** Suite for the experiments of every implementation of {@link DocumentStore}. */
export function experimentStoreContract(name: string, create: () => DocumentStore): void {
  describe(`${name} as a store of experiments`, () => {
    let documents: DocumentStore;
    let serves: string;
    let cases = 0;
    beforeAll(async () => {
      documents = create();
      await documents.ensureIndexes();
    });
    beforeEach(() => {
      serves = `model-${process.pid}-${cases++}`;
    });

    const given = (id: string, fields: Partial<Experiment> = {}) =>
      experimentOf('shadow', { experiment_id: `${serves}-${id}`, serves, ...fields });
    const shadowOf = (number: number, id: string) => ({
      prediction_id: auditedPrediction(number).prediction_id,
      experiment_id: `${serves}-${id}`,
      ...{ model: given(id).arms.challenger.model, predicted_class: 'cod', confidence: 0.5 },
      ...{ inference_s: 0.25, time: new Date(Date.UTC(2026, 0, 1)) },
    });
    const stopped = { status: 'stopped', ended_at: new Date(5000), decision: null } as const;

    it('has one running experiment per model', async () => {
      const { experiments } = documents;
      expect(await experiments.insert(given('a'))).toBe(true);
      expect(await experiments.insert(given('b'))).toBe(false);
      expect(await experiments.insert(given('c', { serves: `${serves}-other` }))).toBe(true);
      expect(await experiments.find(`${serves}-a`)).toEqual(given('a'));
      expect(await experiments.find(`${serves}-b`)).toBeUndefined();
      expect(await experiments.end(`${serves}-a`, ['running'], stopped)).toBe(true);
      expect(await experiments.insert(given('b'))).toBe(true);
      const running = await experiments.listRunning();
      expect(running.filter((each) => each.serves === serves)).toEqual([given('b')]);
    });

    it('ends an experiment only from the statuses that are named', async () => {
      const { experiments } = documents;
      await experiments.insert(given('a'));
      const decision = { promote: true, by: 'anna', reason: 'r', at: new Date(1), evidence: 20.5 };
      const decided = { ...stopped, status: 'decided', decision } as const;
      expect(await experiments.end(`${serves}-a`, ['stopped'], decided)).toBe(false);
      expect(await experiments.end(`${serves}-a`, ['running', 'stopped'], decided)).toBe(true);
      expect(await experiments.end(`${serves}-a`, ['running'], stopped)).toBe(false);
      expect(await experiments.end(`${serves}-x`, ['running'], stopped)).toBe(false);
      expect(await experiments.find(`${serves}-a`)).toEqual({ ...given('a'), ...decided });
    });

    it('lists experiments newest first, a page at a time', async () => {
      const all = [3, 2, 2].map((hour, i) =>
        given(String(9 - i), {
          ...{ serves: `${serves}-${i}`, started_at: new Date(Date.UTC(2126, 0, cases, hour)) },
        }),
      );
      for (const each of all) await documents.experiments.insert(each);
      const first = await documents.experiments.list({ limit: 2 });
      const rest = await documents.experiments.list({ limit: 1, after: first[1]! });
      expect([...first, ...rest]).toEqual(all);
    });

    it('adds up counts', async () => {
      const { experiments } = documents;
      await experiments.insert(given('a'));
      const added = {
        predictions: { champion: 3, challenger: 2 },
        errors: { champion: 0, challenger: 1 },
        ...{ agreed: 1, differed: 1, dropped: 4 },
      };
      await experiments.count(`${serves}-a`, added);
      await experiments.count(`${serves}-a`, added);
      expect((await experiments.find(`${serves}-a`))?.counts).toEqual({
        predictions: { champion: 6, challenger: 4 },
        errors: { champion: 0, challenger: 2 },
        ...{ agreed: 2, differed: 2, dropped: 8 },
      });
    });

    it('keeps the first answer of a challenger for a prediction', async () => {
      const { experiments } = documents;
      const base = cases * 100;
      const [first, second] = [shadowOf(base + 1, 'a'), shadowOf(base + 2, 'a')];
      await experiments.addShadow(first);
      await experiments.addShadow({ ...first, predicted_class: null });
      await experiments.addShadow(second);
      await experiments.addShadow(shadowOf(base + 3, 'b'));
      const ids = [first.prediction_id, 'f'.repeat(24)];
      expect(await experiments.findShadows(ids)).toEqual([first]);
      expect(await experiments.findShadows([])).toEqual([]);
      expect(await experiments.listShadows(`${serves}-a`, 10)).toEqual([second, first]);
      expect(await experiments.listShadows(`${serves}-a`, 1)).toEqual([second]);
    });
  });
}

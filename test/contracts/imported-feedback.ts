import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportedFeedback } from '../../domain/dataset/imported-feedback.js';
import { sha256 } from '../../domain/hash.js';
import type { ImportedFeedbackStore } from '../../domain/ports/imported-feedback-store.js';

/** Suite for every implementation of {@link ImportedFeedbackStore}. */
export function importedFeedbackContract(name: string, create: () => ImportedFeedbackStore): void {
  describe(`${name} as a store of imported feedback`, () => {
    let store: ImportedFeedbackStore;
    let dataset: string;
    let cases = 0;
    beforeEach(() => {
      store ??= create();
      dataset = `imported-${process.pid}-${cases++}`;
    });

    const given = (image: string, label: string, by: string | null = null): ImportedFeedback => ({
      ...{ dataset, sha256: sha256(image), content: { label }, by },
      ...{ time: new Date(Date.UTC(2026, 0, 1)), import: sha256('file') },
    });
    const list = (limit = 10, after?: ImportedFeedback) => store.list({ dataset, limit, after });

    it('replaces the earlier feedback of the same person, unless the content is the same', async () => {
      const later = { ...given('a', 'dog', 'ann'), time: new Date(Date.UTC(2026, 0, 2)) };
      expect(await store.put(given('a', 'cat', 'ann'))).toBe(true);
      expect(await store.put(later)).toBe(true);
      expect(await store.put(given('a', 'dog', 'ann'))).toBe(false);
      expect(await store.put(given('a', 'cat', 'bob'))).toBe(true);
      expect(await list()).toEqual([later, given('a', 'cat', 'bob')]);
      const inPart = { ...given('a', 'cat', 'bob'), split: 'test' } as const;
      expect(await store.put(inPart)).toBe(true);
      expect(await store.put(inPart)).toBe(false);
      expect(await list()).toEqual([later, inPart]);
    });

    it('pages the feedback of one data set', async () => {
      const all = ['a', 'b', 'c'].map((image) => given(image, 'cat'));
      for (const each of all) await store.put(each);
      for (const other of [`${dataset}-2`, `${dataset}0`]) {
        await store.put({ ...given('a', 'cat'), dataset: other });
      }
      const paged: ImportedFeedback[] = [];
      for (;;) {
        const page = await list(2, paged.at(-1));
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(all.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)));
    });
  });
}

import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { FrameFeedback } from '../../domain/result/frame-feedback.js';

/** Suite for the feedback on frames of every implementation of {@link DocumentStore}. */
export function frameFeedbackContract(name: string, create: () => DocumentStore): void {
  describe(`${name} as a store of feedback on frames`, () => {
    let store: DocumentStore;
    let event_id: string;
    let cases = 0;
    beforeEach(() => {
      store ??= create();
      event_id = `frame-feedback-${process.pid}-${cases++}`;
    });

    const given = (frame_id: number, by: string | null, className = 'cat'): FrameFeedback => ({
      ...{ event_id, frame_id, by, time: new Date(Date.UTC(2026, 0, 1)) },
      objects: [{ class: className, box: [0, 0, 1.5, 1] }],
    });
    const list = (limit = 10, after?: FrameFeedback) =>
      store.frameFeedback.list({ eventId: event_id, limit, after });
    const put = async (...all: readonly FrameFeedback[]) => {
      for (const each of all) await store.frameFeedback.put(each);
    };

    it('replaces the earlier feedback of the same person on a frame', async () => {
      await put(given(5, 'ann'), given(5, 'bob'), given(5, 'ann', 'fox'), given(5, 'ann', 'fox'));
      expect(await list()).toEqual([given(5, 'ann', 'fox'), given(5, 'bob')]);
    });

    it('pages by frame and then by person', async () => {
      const sorted = [given(5, null), given(5, 'ann'), given(5, 'bob'), given(10, null)];
      await put(sorted[3]!, sorted[1]!, sorted[0]!, sorted[2]!);
      const paged: FrameFeedback[] = [];
      for (;;) {
        const page = await list(1, paged.at(-1));
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(sorted);
    });

    it('pages the feedback on all jobs', async () => {
      const all = [
        given(5, null),
        given(5, 'ann'),
        { ...given(1, null), event_id: `${event_id}-2` },
      ];
      await put(...all);
      const found: FrameFeedback[] = [];
      for (;;) {
        const page = await store.frameFeedback.listAll({ limit: 1, after: found.at(-1) });
        if (page.length === 0) break;
        found.push(...page);
      }
      const ofTest = found.filter((each) => each.event_id.startsWith(event_id));
      expect(ofTest).toHaveLength(all.length);
      expect(ofTest).toEqual(expect.arrayContaining(all));
    });

    it('deletes the feedback on a job with the job only', async () => {
      await put(given(5, null));
      await store.deleteJob(`${event_id}-other`);
      expect(await list()).toHaveLength(1);
      expect(await store.deleteJob(event_id)).toBe(1);
      expect(await list()).toEqual([]);
    });
  });
}

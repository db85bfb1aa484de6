import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { type DatasetDraft, NO_COUNTS } from '../../domain/dataset/dataset-manifest.js';
import { sha256 } from '../../domain/hash.js';

const TIME = '2026-05-04T09:30:00.000Z';

/** Item of a data set for classification, whose image is named by a text. */
export function datasetItem(name: string, fields: Partial<DatasetItem> = {}): DatasetItem {
  return {
    picture: {
      ...{ sha256: sha256(name), media_type: 'image/jpeg', width: 640, height: 480 },
      ...{ dhash: '0000000000000000', day: '2026-05-04' },
    },
    ...{ group: name, split: 'train', label: 'форель', source: { prediction_id: 'p' } },
    ...{ feedback_id: 'p/0', by: null, time: TIME },
    ...fields,
  };
}

/** Draft of a data set without counts. */
export function datasetDraft(name: string): DatasetDraft {
  return {
    ...{ name, task: 'classify', labels: ['форель'], counts: NO_COUNTS, parent: null },
    made_from: { until: TIME, filters: {} },
    left_out: { count: 0, by_reason: {}, items: [] },
    ...{ created_at: TIME, by: null },
  };
}

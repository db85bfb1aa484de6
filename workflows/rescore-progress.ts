import {
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { JobStatus } from '../domain/job/job-status.js';
import { PROGRESS_QUERY } from '../domain/job/progress.js';
import {
  NEW_RESCORE,
  type OpenedRescoreRun,
  type RescoreProgress,
  type RescoreReport,
} from '../domain/rescore/rescore.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';

const progressQuery = defineQuery<RescoreProgress>(PROGRESS_QUERY);

/** Handles the query `progress`, and updates the details and search attributes in Temporal. */
export function trackRescore() {
  let progress = NEW_RESCORE;
  setHandler(progressQuery, () => progress, { description: 'Stage, images and jobs.' });
  const setStatus = (value: JobStatus) =>
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.status, value }]);
  return {
    open: ({ rescore_id, model, sealed }: OpenedRescoreRun) => {
      // Search attributes are never encrypted.
      upsertSearchAttributes([
        { key: SEARCH_ATTRIBUTES.batch, value: rescore_id },
        { key: SEARCH_ATTRIBUTES.status, value: 'processing' },
        ...(sealed ? [] : [{ key: SEARCH_ATTRIBUTES.model, value: model.name }]),
      ]);
    },
    set: (change: Partial<RescoreProgress>) => {
      progress = { ...progress, ...change };
      setCurrentDetails(describe(progress));
    },
    finish: (report: RescoreReport) => {
      progress = { ...progress, stage: 'done' };
      setStatus('ready');
      setCurrentDetails(`${describe(progress)}\n\n${report.cases} differ`);
    },
    fail: (status: 'failed' | 'cancelled') => setStatus(status),
  };
}

function describe({ stage, images, jobs }: RescoreProgress): string {
  const found = images === null ? [] : [`${images} images, ${jobs} jobs`];
  return [`**${stage}**`, ...found].join('\n\n');
}

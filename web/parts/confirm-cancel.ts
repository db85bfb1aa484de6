import { confirm } from './confirm.js';

const EFFECTS = {
  job: 'The job stops immediately. Everything detected so far is kept.',
  'image batch': 'It stops. Its rows are kept, and it continues when it is started again.',
  rescoring: 'It stops. What is stored is kept, and it continues when it is started again.',
  batch: 'Its running jobs stop immediately, and no others start. Everything detected is kept.',
} as const;

/** Asks the user to confirm that a job or a batch is cancelled. */
export function confirmCancel(what: keyof typeof EFFECTS = 'job'): Promise<boolean> {
  const title = `Cancel this ${what}?`;
  return confirm({ title, text: EFFECTS[what], keep: 'Keep running', action: `Cancel ${what}` });
}

/**
 * Dynamic configuration with which Temporal deletes a run soon after its end: it waits until its queues
 * have stored their progress.
 */
export const DELETE_RUNS_SOON = [
  'history.transferProcessorUpdateAckInterval="1s"',
  'history.visibilityProcessorUpdateAckInterval="1s"',
] as const;

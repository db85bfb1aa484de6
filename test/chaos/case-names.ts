/** Names of all faults, in the order of the table. */
export const CASE_NAMES = [
  'video-worker-killed',
  'detect-worker-killed',
  'lane-killed',
  'lane-hung',
  'worker-and-hung-lanes',
  'ffmpeg-killed',
  'ffmpeg-hung',
  'scratch-disk-full',
  'scratch-quota-full',
  'same-range-twice',
  'submitter-killed',
  'temporal-stopped',
  'object-store-stopped',
  'document-store-stopped',
  'terminated',
  'timed-out',
  'reset',
  'frame-throws',
  'frame-nan',
  'frame-hangs',
  'frame-crashes',
  'too-many-frames-fail',
] as const;

export type CaseName = (typeof CASE_NAMES)[number];

/** Buckets of the object store. */
export const BUCKETS = {
  videos: 'videos',
  frames: 'frames',
  results: 'results',
  models: 'models',
  streams: 'streams',
  /** Images of predictions and of data sets. */
  pictures: 'pictures',
  datasets: 'datasets',
} as const;

/** Metadata under which a video's original name is kept, percent-encoded: headers are ASCII. */
export const NAME_METADATA = 'original-name';

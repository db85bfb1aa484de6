/** Input of the workflow `IndexJobs`. */
export interface IndexJobsRequest {
  /** Whether jobs whose sightings are stored are indexed again as well. */
  readonly all: boolean;
}

/** Result of the workflow `IndexJobs`: numbers of jobs. */
export interface IndexedJobs {
  readonly indexed: number;
  /** Jobs without a result, or that were deleted or started again in the meantime. */
  readonly skipped: number;
  /** Jobs that could not be indexed. */
  readonly failed: number;
}

export interface ListIndexableInput extends IndexJobsRequest {
  /** ISO 8601; jobs that ended before this time are listed. */
  readonly before: string;
  /** Last id of the previous page. */
  readonly after?: string;
}

/** Page of jobs, in the order of their ids. */
export interface IndexablePage {
  readonly event_ids: readonly string[];
  /** Id after which the next page starts; undefined on the last page. */
  readonly next?: string | undefined;
}

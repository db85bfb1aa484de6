import { defineSearchAttributeKey } from '@temporalio/common';

/** Search attributes of a job: an unregistered one would leave a workflow hanging for ever. */
export const searchAttributes = {
  EventId: defineSearchAttributeKey('EventId', 'KEYWORD'),
  VideoId: defineSearchAttributeKey('VideoId', 'KEYWORD'),
  JobStatus: defineSearchAttributeKey('JobStatus', 'KEYWORD'),
  ModelName: defineSearchAttributeKey('ModelName', 'KEYWORD'),
} as const;

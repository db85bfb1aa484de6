/** Search attributes of jobs and scenarios in Temporal, as keys of its typed search attributes. */
export const SEARCH_ATTRIBUTES = {
  eventId: { name: 'EventId', type: 'KEYWORD' },
  videoId: { name: 'VideoId', type: 'KEYWORD' },
  status: { name: 'JobStatus', type: 'KEYWORD' },
  model: { name: 'ModelName', type: 'KEYWORD' },
  batch: { name: 'Batch', type: 'KEYWORD' },
  rerunOf: { name: 'RerunOf', type: 'KEYWORD' },
  classes: { name: 'Classes', type: 'KEYWORD_LIST' },
  frames: { name: 'Frames', type: 'INT' },
  skipped: { name: 'Skipped', type: 'INT' },
  objects: { name: 'Objects', type: 'INT' },
  /** What a scenario is meant to do, or how it ended. */
  streamState: { name: 'StreamState', type: 'KEYWORD' },
} as const;

export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES];

/** Types of search attributes on the command line of Temporal. */
export const SEARCH_ATTRIBUTE_TYPES = {
  KEYWORD: 'Keyword',
  INT: 'Int',
  KEYWORD_LIST: 'KeywordList',
} as const;

/** A workflow that sets one that is not registered in Temporal hangs indefinitely. */
export const ALL_SEARCH_ATTRIBUTES: readonly SearchAttribute[] = Object.values(SEARCH_ATTRIBUTES);

const RESULT_ATTRIBUTES: readonly SearchAttribute[] = [
  ...[SEARCH_ATTRIBUTES.classes, SEARCH_ATTRIBUTES.frames],
  ...[SEARCH_ATTRIBUTES.skipped, SEARCH_ATTRIBUTES.objects],
];

/** Whether a search attribute describes a result. */
export function isResultAttribute(attribute: SearchAttribute): boolean {
  return RESULT_ATTRIBUTES.includes(attribute);
}

/** Search attributes without which workflows run, besides those of results. */
const OTHER_OPTIONAL: readonly SearchAttribute[] = [
  ...[SEARCH_ATTRIBUTES.rerunOf, SEARCH_ATTRIBUTES.streamState],
];

/** Whether workflows run without a search attribute: a server may have no room for it. */
export function isOptionalAttribute(attribute: SearchAttribute): boolean {
  return OTHER_OPTIONAL.includes(attribute) || isResultAttribute(attribute);
}

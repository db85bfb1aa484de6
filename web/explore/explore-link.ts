/** What the page shows: the text of the search, and filters that replace its parts. */
export interface Explored {
  readonly text: string;
  /** 0 to 1, as text; empty for that of the text. */
  readonly conf: string;
  /** Words for a span of time; empty for that of the text. */
  readonly time: string;
}

const NAMES = { text: 'q', conf: 'conf', time: 'time' } as const;

/** @example exploreHash({ text: 'dog' }) // '#/explore?q=dog' */
export function exploreHash(explored: Partial<Explored> = {}): string {
  const query = new URLSearchParams();
  for (const field of ['text', 'conf', 'time'] as const) {
    const value = explored[field];
    if (value) query.set(NAMES[field], value);
  }
  return `#/explore${query.size > 0 ? `?${query}` : ''}`;
}

/** Reads what {@link exploreHash} wrote. */
export function parseExplored(query: URLSearchParams): Explored {
  const read = (field: keyof Explored) => query.get(NAMES[field]) ?? '';
  return { text: read('text'), conf: read('conf'), time: read('time') };
}

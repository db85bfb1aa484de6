/** One offer of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Scheme in lower case. */
  readonly scheme: string;
  /** Parameters by their names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const LENGTH_MAX = 2048;
/** A parameter with a quoted or a plain value, or else a scheme. */
const PART = /([\w-]{1,32})[ \t]{0,8}=[ \t]{0,8}(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]{1,32})/g;

/** Parses the challenges of one header (RFC 7235); of a longer one, the first 2,048 characters. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const [, name, quoted, plain, scheme] of header.slice(0, LENGTH_MAX).matchAll(PART)) {
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
      continue;
    }
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    challenges.at(-1)?.parameters.set((name ?? '').toLowerCase(), value);
  }
  return challenges;
}

import { createHash, randomBytes } from 'node:crypto';
import { type Challenge, parseChallenges } from './challenge.js';
import type { Credentials } from '../../domain/stream/camera-url.js';

/** Returns the value of `Authorization` for a request. */
export type Authorize = (method: string, url: string) => string;

/** Digest algorithms, the preferred one first. */
const ALGORITHMS = { 'SHA-256': 'sha256', MD5: 'md5' } as const;
type Algorithm = keyof typeof ALGORITHMS;

/**
 * Answers the challenges of a server with Digest SHA-256, Digest MD5 (RFC 7616) or Basic, in this
 * order; undefined if it offers none of them.
 */
export function createAuthorize(
  challenges: readonly string[],
  credentials: Credentials,
  createNonce = () => randomBytes(12).toString('hex'),
): Authorize | undefined {
  const offered = challenges.flatMap(parseChallenges);
  const digests = offered.filter(({ scheme }) => scheme === 'digest');
  for (const algorithm of Object.keys(ALGORITHMS) as Algorithm[]) {
    const challenge = digests.find((digest) => algorithmOf(digest) === algorithm);
    if (challenge) return createDigest(challenge, algorithm, credentials, createNonce);
  }
  return offered.some(({ scheme }) => scheme === 'basic') ? createBasic(credentials) : undefined;
}

function algorithmOf({ parameters }: Challenge): string {
  return (parameters.get('algorithm') ?? 'MD5').toUpperCase();
}

function createBasic({ username, password }: Credentials): Authorize {
  const value = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return () => value;
}

function createDigest(
  { parameters }: Challenge,
  algorithm: Algorithm,
  { username, password }: Credentials,
  createNonce: () => string,
): Authorize {
  const hash = (...parts: readonly string[]) =>
    createHash(ALGORITHMS[algorithm]).update(parts.join(':')).digest('hex');
  const valueOf = (name: string) => parameters.get(name) ?? '';
  const [realm, nonce] = [valueOf('realm'), valueOf('nonce')];
  const secret = hash(username, realm, password);
  const hasQop = valueOf('qop')
    .split(/\s*,\s*/)
    .includes('auth');
  let count = 0;
  return (method, uri) => {
    const protection: Readonly<Record<string, string>> = hasQop
      ? { nc: (++count).toString(16).padStart(8, '0'), cnonce: createNonce(), qop: 'auth' }
      : {};
    const middle = [nonce, ...Object.values(protection)];
    const response = hash(secret, ...middle, hash(method, uri));
    const named = { algorithm: parameters.get('algorithm'), opaque: parameters.get('opaque') };
    return formatDigest({ username, realm, nonce, uri, response, ...named, ...protection });
  };
}

/** Values that RFC 7616 (3.4) does not quote. */
const UNQUOTED = new Set(['algorithm', 'nc', 'qop']);

function formatDigest(values: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`${name}=${UNQUOTED.has(name) ? value : quote(value)}`];
  });
  return `Digest ${parts.join(', ')}`;
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

import { canonicalJson } from '../hash.js';
import { type JobInput, type JobRequest, parseJobInput } from './job-input.js';

/**
 * Returns the fields of an input that differ from their defaults. A worker of an older build rejects
 * a field that it does not know, so a request states no more than it needs. The defaults are part of
 * the contract between builds.
 */
export function requestOf(input: JobInput): JobRequest {
  const { video_id, ...options } = input;
  const defaults = parseJobInput({ video_id });
  return { video_id, ...differences(options, defaults) };
}

/** Returns the members of `value` that differ from those of `other`, at each depth. */
function differences<T extends object>(value: T, other: object): Partial<T> {
  const others = new Map<string, unknown>(Object.entries(other));
  const entries = Object.entries(value)
    .filter(([name, member]) => canonicalJson(member) !== canonicalJson(others.get(name)))
    .map(([name, member]) => [name, differenceOf(member, others.get(name))]);
  return Object.fromEntries(entries) as Partial<T>; // some of its members
}

function differenceOf(member: unknown, other: unknown): unknown {
  return isRecord(member) && isRecord(other) ? differences(member, other) : member;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

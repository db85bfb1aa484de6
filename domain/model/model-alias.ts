import { z } from 'zod';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { isId } from '../names.js';

/** Alias of the version in use, which `promote` moves and `rollback` moves back. */
export const CHAMPION = 'champion';
/** Alias of the newest version that a retraining has made. */
export const CHALLENGER = 'challenger';
/** Alias of the champion before; it follows from the champion and is not stored. */
export const PREVIOUS = 'previous';

/** Aliases that read as versions. */
const RESERVED = /^(latest|v?[0-9]+)$/i;

const pinnedSchema = z.object({
  version: described(z.int().min(1), 'Version of the model.', 3),
  sha256: described(
    z.string().regex(/^[0-9a-f]{64}$/),
    'SHA-256 of the ONNX file, in hex.',
    '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d',
  ),
});

/** A version with the hash of its file: a number can be given to another file after a removal. */
export type PinnedVersion = z.infer<typeof pinnedSchema>;

const reasonSchema = z.string().trim().min(1).max(2000);

/** Reason of a change, as requests give it. */
export const optionalReason = described(
  reasonSchema.optional(),
  'Why the alias is moved; kept in the history.',
  'higher accuracy on the night images',
);

/** An alias as it is stored: the last change of it. */
export const aliasRecordSchema = pinnedSchema.extend({
  action: described(
    z.enum(['set', 'promote', 'rollback']),
    'The change that moved the alias to this version.',
  ),
  by: described(z.string().min(1).max(256), 'Who changed it.', 'anna@build-1'),
  at: described(z.iso.datetime(), 'Time of the change.', '2026-05-04T09:30:00.000Z'),
  reason: described(reasonSchema.nullable(), 'Reason of the change; null without one.', null),
  previous: described(
    pinnedSchema.nullable(),
    'Version to which the alias referred before; null for a new alias.',
    null,
  ),
});

export type AliasRecord = z.infer<typeof aliasRecordSchema>;

/** An alias of a model, or a change of it. */
export interface ModelAlias extends AliasRecord {
  readonly name: string;
  readonly alias: string;
}

export interface AliasChange extends Pick<AliasRecord, 'action' | 'by' | 'reason'> {
  readonly to: PinnedVersion;
  readonly now: Date;
}

/**
 * Returns the record of an alias after a change: `current` itself if it refers to that version
 * already. Times of one alias increase, whatever the clocks of its callers show.
 */
export function changeAlias(
  current: AliasRecord | undefined,
  { to, now, ...change }: AliasChange,
): AliasRecord {
  if (current && isSameVersion(current, to)) return current;
  const earliest = current ? Date.parse(current.at) + 1 : 0;
  const at = new Date(Math.max(now.getTime(), earliest)).toISOString();
  const previous = current ? { version: current.version, sha256: current.sha256 } : null;
  return { ...change, version: to.version, sha256: to.sha256, at, previous };
}

export function isSameVersion(a: PinnedVersion, b: PinnedVersion): boolean {
  return a.version === b.version && a.sha256 === b.sha256;
}

/** Returns the aliases that refer to a version. */
export function aliasesOf(
  model: PinnedVersion & { readonly name: string },
  aliases: readonly ModelAlias[],
): string[] {
  const found = aliases.filter((each) => each.name === model.name && isSameVersion(each, model));
  return found.map(({ alias }) => alias);
}

/** The alias {@link PREVIOUS} of a model with this champion, as an entry of a list. */
export function previousOf(champion: ModelAlias): ModelAlias | undefined {
  const { previous } = champion;
  return previous ? { ...champion, ...previous, alias: PREVIOUS, previous: null } : undefined;
}

/** @throws AppError `INVALID_INPUT` for a name that an alias cannot have. */
export function expectAliasName(alias: string): void {
  const received = JSON.stringify(alias.slice(0, 80));
  if (!isId(alias)) {
    throw new AppError(
      'INVALID_INPUT',
      `Expected an alias of at most 128 letters, digits, "_" or "-", received ${received}.`,
    );
  }
  if (RESERVED.test(alias)) {
    throw new AppError(
      'INVALID_INPUT',
      `The alias ${received} reads as a version. "latest", numbers and "v" with a number are reserved; choose another name.`,
    );
  }
  if (alias === PREVIOUS) {
    throw new AppError(
      'INVALID_INPUT',
      `The alias "${PREVIOUS}" is the champion before the last change. Promote a version instead.`,
    );
  }
}

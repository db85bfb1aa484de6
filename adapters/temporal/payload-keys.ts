import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../domain/errors.js';

/** An AES-256 key and the id that is stored with the payloads it encrypts. */
export interface PayloadKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** Sources of the keys; both undefined if payloads are not encrypted. */
export interface PayloadKeySettings {
  /** `id:base64key,older:base64key`: the first encrypts, each decrypts. */
  readonly payloadKeys: string | undefined;
  /** File with the same text; a line break may replace a comma. */
  readonly payloadKeysFile: string | undefined;
}

const KEY_BYTES = 32;
const ENTRY = /^([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/]{43}=)$/;

/** Reads the configured keys, the encrypting one first; empty if payloads are not encrypted. */
export async function loadPayloadKeys({
  payloadKeys,
  payloadKeysFile,
}: PayloadKeySettings): Promise<readonly PayloadKey[]> {
  if (payloadKeys !== undefined && payloadKeysFile !== undefined) {
    throw wrong('Give VIDETTE_PAYLOAD_KEYS or VIDETTE_PAYLOAD_KEYS_FILE, not both.');
  }
  if (payloadKeys !== undefined) return parsePayloadKeys(payloadKeys);
  if (payloadKeysFile === undefined) return [];
  const text = await readFile(payloadKeysFile, 'utf8').catch((cause: unknown) => {
    throw wrong(`VIDETTE_PAYLOAD_KEYS_FILE cannot be read: ${messageOf(cause)}`);
  });
  return parsePayloadKeys(text);
}

/** @throws AppError `INVALID_INPUT` that names the invalid entry by its number, never its content. */
export function parsePayloadKeys(text: string): readonly PayloadKey[] {
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const keys = entries.map(parseEntry);
  if (keys.length === 0) throw wrong('The list of payload keys is empty.');
  const ids = new Set(keys.map(({ id }) => id));
  if (ids.size < keys.length) throw wrong('Two payload keys have the same id.');
  return keys;
}

function parseEntry(entry: string, index: number): PayloadKey {
  const [, id, text] = ENTRY.exec(entry) ?? [];
  const bytes = Buffer.from(text ?? '', 'base64');
  if (id !== undefined && bytes.length === KEY_BYTES) return { id, bytes };
  throw wrong(
    `Payload key number ${index + 1} does not have the form id:key, with a key of ${KEY_BYTES} bytes in base64. ` +
      'Generate one with: openssl rand -base64 32',
  );
}

function wrong(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}

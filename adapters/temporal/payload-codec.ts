import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { AppError } from '../../domain/errors.js';
import type { PayloadKey } from './payload-keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ENCODING = 'encoding';
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts payloads with AES-256-GCM under the first key and decrypts those of each key. The data
 * of an encrypted payload is nonce (12 bytes), ciphertext and tag (16 bytes) of the payload's
 * protobuf message; payloads that are not encrypted stay readable.
 */
export function createPayloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [current] = keys;
  if (!current) throw new AppError('INVALID_INPUT', 'A payload codec needs a key.');
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(payload, current))),
    // A promise that rejects, not a throw: the SDK awaits it.
    decode: (payloads) => Promise.resolve().then(() => payloads.map((each) => open(each, keys))),
  };
}

function seal(payload: Payload, { id, bytes }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, nonce);
  const message = PayloadMessage.encode(payload).finish();
  const data = Buffer.concat([nonce, cipher.update(message), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { [ENCODING]: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(id) }, data };
}

function open(payload: Payload, keys: readonly PayloadKey[]): Payload {
  const { metadata, data } = payload;
  if (textOf(metadata?.[ENCODING]) !== ENCRYPTED) return payload;
  const id = textOf(metadata?.[KEY_ID]);
  const key = keys.find((each) => each.id === id);
  if (!key) {
    throw unreadable(
      `was encrypted with the key ${JSON.stringify(id)}, which is not configured. Add it to the end of VIDETTE_PAYLOAD_KEYS.`,
    );
  }
  return PayloadMessage.decode(decrypt(Buffer.from(data ?? []), key));
}

function decrypt(data: Buffer, { id, bytes }: PayloadKey): Buffer {
  const nonce = data.subarray(0, NONCE_BYTES);
  const end = Math.max(NONCE_BYTES, data.length - TAG_BYTES);
  try {
    const cipher = createDecipheriv(CIPHER, bytes, nonce, { authTagLength: TAG_BYTES });
    cipher.setAuthTag(data.subarray(end));
    return Buffer.concat([cipher.update(data.subarray(NONCE_BYTES, end)), cipher.final()]);
  } catch {
    const problem = `cannot be decrypted with the key ${JSON.stringify(id)}: it was changed, or the key is another one of this id.`;
    throw unreadable(problem);
  }
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}

function unreadable(problem: string): AppError {
  return new AppError('INVALID_INPUT', `A payload of Temporal ${problem}`);
}

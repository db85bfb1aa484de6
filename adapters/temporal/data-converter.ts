import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec.js';
import { loadPayloadKeys, type PayloadKeySettings } from './payload-keys.js';

/** Module of the failure converter that workers and workflows use if payloads are encrypted. */
export const ENCRYPTING_FAILURE_CONVERTER = fileURLToPath(
  new URL('./encrypting-failure-converter.js', import.meta.url),
);

/** Payload converter of a client; undefined if payloads are not encrypted. */
export async function clientConverter(
  settings: PayloadKeySettings,
): Promise<DataConverter | undefined> {
  const keys = await loadPayloadKeys(settings);
  return keys.length > 0 ? { payloadCodecs: [createPayloadCodec(keys)] } : undefined;
}

/** Payload converter of a worker, which also encrypts failure messages; undefined likewise. */
export async function workerConverter(
  settings: PayloadKeySettings,
): Promise<DataConverter | undefined> {
  const converter = await clientConverter(settings);
  return converter && { ...converter, failureConverterPath: ENCRYPTING_FAILURE_CONVERTER };
}

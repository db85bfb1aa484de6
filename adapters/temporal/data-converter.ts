import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec.js';
import { loadPayloadKeys, type PayloadKeySettings } from './payload-keys.js';

/** Module that workers and their bundle of workflows convert failures with, where payloads are encrypted. */
export const SEALED_FAILURES = fileURLToPath(new URL('./sealed-failures.js', import.meta.url));

/** How a client reads and writes payloads; undefined where they are not encrypted. */
export async function clientConverter(
  settings: PayloadKeySettings,
): Promise<DataConverter | undefined> {
  const keys = await loadPayloadKeys(settings);
  return keys.length > 0 ? { payloadCodecs: [createPayloadCodec(keys)] } : undefined;
}

/** How a worker does, messages of failures included; undefined where they are not encrypted. */
export async function workerConverter(
  settings: PayloadKeySettings,
): Promise<DataConverter | undefined> {
  const converter = await clientConverter(settings);
  return converter && { ...converter, failureConverterPath: SEALED_FAILURES };
}

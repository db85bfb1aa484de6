import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** Whether this client encrypts payloads. */
export function encryptsPayloads({ options }: Client): boolean {
  return options.loadedDataConverter.payloadCodecs.length > 0;
}

/** Decodes payloads of a workflow description, which the client returns encoded. */
export async function readPayloads(
  { options }: Client,
  payloads: readonly Payload[],
): Promise<unknown[]> {
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  let plain = [...payloads];
  for (const codec of payloadCodecs.toReversed()) plain = await codec.decode(plain);
  return plain.map((payload) => payloadConverter.fromPayload(payload));
}

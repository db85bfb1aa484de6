import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** Whether what this client sends through Temporal is encrypted. */
export function isSealed({ options }: Client): boolean {
  return options.loadedDataConverter.payloadCodecs.length > 0;
}

/** What payloads hold that a description gives as they are on the wire. */
export async function readPayloads(
  { options }: Client,
  payloads: readonly Payload[],
): Promise<unknown[]> {
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  let plain = [...payloads];
  for (const codec of payloadCodecs.toReversed()) plain = await codec.decode(plain);
  return plain.map((payload) => payloadConverter.fromPayload(payload));
}

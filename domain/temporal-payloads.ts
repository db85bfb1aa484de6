/** Part of a client of Temporal; the types of its SDK are not imported here. */
interface TemporalClient<Payload> {
  readonly options: {
    readonly loadedDataConverter: {
      readonly payloadCodecs: readonly { decode(payloads: Payload[]): Promise<Payload[]> }[];
      readonly payloadConverter: { fromPayload(payload: Payload): unknown };
    };
  };
}

/** Whether this client encrypts payloads. */
export function encryptsPayloads<Payload>({ options }: TemporalClient<Payload>): boolean {
  return options.loadedDataConverter.payloadCodecs.length > 0;
}

/** Decodes payloads of a description or history, which a client returns encoded. */
export async function readPayloads<Payload>(
  { options }: TemporalClient<Payload>,
  payloads: readonly Payload[],
): Promise<unknown[]> {
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  let plain = [...payloads];
  for (const codec of payloadCodecs.toReversed()) plain = await codec.decode(plain);
  return plain.map((payload) => payloadConverter.fromPayload(payload));
}

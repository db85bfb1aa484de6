/** Part of a client of Temporal; the types of its SDK are not imported here. */
interface TemporalClient<Payload> {
  readonly options: {
    readonly loadedDataConverter: {
      readonly payloadCodecs: readonly { decode(payloads: Payload[]): Promise<Payload[]> }[];
      readonly payloadConverter: { fromPayload(payload: Payload): unknown };
    };
  };
}

/** A client of Temporal that reads histories. */
interface HistoryClient<Payload> extends TemporalClient<Payload> {
  readonly options: TemporalClient<Payload>['options'] & { readonly namespace: string };
  readonly workflowService: {
    getWorkflowExecutionHistory(request: {
      readonly namespace: string;
      readonly execution: { readonly workflowId: string; readonly runId: string };
      readonly maximumPageSize: number;
    }): Promise<{ readonly history?: History<Payload> | null }>;
  };
}

interface History<Payload> {
  readonly events?:
    | readonly {
        readonly workflowExecutionStartedEventAttributes?: {
          readonly input?: { readonly payloads?: Payload[] | null } | null;
        } | null;
      }[]
    | null;
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

/**
 * Reads the input of a run, the first argument of its workflow, from the first event of its history.
 * The input is not validated; undefined if it cannot be decrypted, because its key is missing.
 */
export async function readInput<Payload>(
  client: HistoryClient<Payload>,
  execution: { readonly workflowId: string; readonly runId: string },
): Promise<unknown> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [input] = started?.input?.payloads ?? [];
  if (input === undefined) return undefined;
  return readPayloads(client, [input]).then(
    ([value]) => value,
    () => undefined,
  );
}

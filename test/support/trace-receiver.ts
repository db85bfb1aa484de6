import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A received span; ids are in hexadecimal, times in nanoseconds since the epoch. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the first span of a trace. */
  readonly parentSpanId?: string;
  /** Name of the process. */
  readonly service: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** 2: error. */
  readonly status: { readonly code?: number; readonly message?: string };
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
}

interface Entry {
  readonly key: string;
  readonly value: Value;
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Entry[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'service'> & {
        readonly attributes: readonly Entry[];
      })[];
    }[];
  }[];
}

/** A receiver of OTLP/HTTP in JSON on loopback. */
export async function startTraceReceiver() {
  const spans: ReceivedSpan[] = [];
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    paths.add(`${request.method} ${request.url}`);
    void json(request).then((body) => {
      spans.push(...spansOf(body as ExportRequest)); // the format of OTLP
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** Methods and paths of the requests so far. */
    paths,
    /** Spans so far, in the order of their arrival. */
    spans: spans as readonly ReceivedSpan[],
    close: () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

export type TraceReceiver = Awaited<ReturnType<typeof startTraceReceiver>>;

function spansOf({ resourceSpans }: ExportRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, service, attributes: valuesOf(span.attributes) })),
    );
  });
}

function valuesOf(entries: readonly Entry[]): Record<string, string | number> {
  return Object.fromEntries(
    entries.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}

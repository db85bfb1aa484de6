import type { ClientInterceptors } from '@temporalio/client';
import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import type { Logger } from '../logger.js';

/** Settings of {@link openTracing}. */
export interface TracingSettings {
  /** URL of the receiver of OTLP/HTTP, without `/v1/traces` and without a slash at its end. */
  readonly endpoint: string;
}

/** Attributes of a span, by their names. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** Name and attributes of a span. */
export interface SpanDescription {
  readonly name: string;
  readonly attributes?: SpanAttributes;
}

/** A request that is being answered. */
export interface RequestSpan {
  /** Calls a function in the context of the span. */
  readonly run: (next: () => void) => void;
  /** Ends the span with the status of the response; undefined if the caller has left before it. */
  readonly end: (status: number | undefined) => void;
}

/** Tracing of a process with OpenTelemetry. */
export interface Tracing {
  /** Pass the span of a request on to the workflows that it starts. */
  readonly clientInterceptors: ClientInterceptors;
  /** Opens a span for each activity, below that of its workflow. */
  readonly interceptActivity: ActivityInterceptorsFactory;
  /** Receive the spans of workflows, which have no access to a network. */
  readonly sinks: NonNullable<WorkerOptions['sinks']>;
  /** Runs work in a span below the current one; an error of the work is recorded and thrown. */
  readonly inSpan: <T>(span: SpanDescription, work: () => Promise<T>) => Promise<T>;
  /** Opens the span of a request, below that of its caller if its headers name one. */
  readonly openRequest: (
    span: SpanDescription,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ) => RequestSpan;
  /** Sends the spans that are left, for some seconds at most. */
  readonly close: () => Promise<void>;
}

/**
 * Starts tracing of a process; undefined, without loading anything, if no receiver is configured.
 * @param service Name of the process in traces.
 */
export async function openTracing(
  service: string,
  settings: TracingSettings | undefined,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (!settings) return undefined;
  const { createTracing } = await import('./create-tracing.js');
  const tracing = createTracing(service, settings, logger);
  logger.info(settings, 'traces are sent');
  return tracing;
}

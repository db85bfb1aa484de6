import {
  context,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2';
import { messageOf } from '../../domain/errors.js';
import { withDeadline } from '../../adapters/deadline.js';
import type { Logger } from '../logger.js';
import type { RequestSpan, SpanDescription, Tracing, TracingSettings } from './tracing.js';
import { startExport } from './start-export.js';

/** Time to send the remaining spans when a process ends, in milliseconds. */
const FLUSH_MS = 3000;
const SERVER_ERROR = 500;

/** Creates the tracing of a process; there is one for each process. */
export function createTracing(service: string, settings: TracingSettings, logger: Logger): Tracing {
  const { provider, processor, resource } = startExport(service, settings, logger);
  const tracer = provider.getTracer('vidette');
  return {
    clientInterceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor({ tracer })] },
    interceptActivity: (activity) => ({
      inbound: new OpenTelemetryActivityInboundInterceptor(activity, { tracer }),
    }),
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
    inSpan: ({ name, attributes = {} }, work) =>
      tracer.startActiveSpan(name, { attributes }, (span) => recordWork(span, work)),
    openRequest: (span, headers) =>
      openRequest(tracer, span, propagation.extract(ROOT_CONTEXT, headers)),
    close: async () => {
      const message = `The last spans were not sent within ${FLUSH_MS} ms.`;
      await withDeadline(provider.shutdown(), FLUSH_MS, message).catch((error: unknown) =>
        logger.warn({ reason: messageOf(error) }, 'spans are lost'),
      );
    },
  };
}

async function recordWork<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    throw error;
  } finally {
    span.end();
  }
}

function openRequest(
  tracer: Tracer,
  { name, attributes = {} }: SpanDescription,
  caller: Context,
): RequestSpan {
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller);
  const own = trace.setSpan(caller, span);
  return {
    run: (next) => context.with(own, next),
    end: (status) => {
      if (status === undefined) span.setAttribute('error.type', 'aborted');
      else span.setAttribute('http.response.status_code', status);
      if (status !== undefined && status >= SERVER_ERROR)
        span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

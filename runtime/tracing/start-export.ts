import { context, diag, DiagLogLevel, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { VERSION } from '../../platform/version.js';
import type { Logger } from '../logger.js';
import type { TracingSettings } from './tracing.js';

interface Export {
  readonly provider: BasicTracerProvider;
  readonly processor: SpanProcessor;
  readonly resource: Resource;
}

/** Starts the export of spans by OTLP/HTTP, and the propagation of their context in this process. */
export function startExport(
  service: string,
  { endpoint }: TracingSettings,
  logger: Logger,
): Export {
  diag.setLogger(loggerOf(logger), DiagLogLevel.WARN);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.namespace': 'vidette',
      'service.name': service,
      'service.version': VERSION,
    }),
  );
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  return { provider, processor, resource };
}

/** A receiver that is unavailable costs spans and a line in the log, and nothing else. */
function loggerOf(logger: Logger) {
  const warn = (message: string) => logger.warn({ reason: message }, 'spans could not be sent');
  const ignore = () => undefined;
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}

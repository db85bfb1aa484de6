import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/workflow/index.js';
import type { WorkflowInterceptors } from '@temporalio/workflow';

type Call<I, R> = (input: I, next: (input: I) => Promise<R>) => Promise<R>;

/** Interceptors that record the spans of workflows, in the bundles for tracing. */
export function interceptors(): WorkflowInterceptors {
  const inbound = new OpenTelemetryInboundInterceptor();
  const outbound = new OpenTelemetryOutboundInterceptor();
  return {
    inbound: [
      {
        execute: beside((input, next) => inbound.execute(input, next)),
        handleSignal: beside((input, next) => inbound.handleSignal(input, next)),
        handleUpdate: beside((input, next) => inbound.handleUpdate(input, next)),
      },
    ],
    outbound: [
      {
        scheduleActivity: beside((input, next) => outbound.scheduleActivity(input, next)),
        startChildWorkflowExecution: beside((input, next) =>
          outbound.startChildWorkflowExecution(input, next),
        ),
        signalWorkflow: beside((input, next) => outbound.signalWorkflow(input, next)),
        continueAsNew: beside((input, next) => outbound.continueAsNew(input, next)),
        getLogAttributes: (input, next) => outbound.getLogAttributes(input, next),
      },
    ],
    internals: [new OpenTelemetryInternalsInterceptor()],
  };
}

/**
 * Records a call without its caller waiting for that: the caller gets the promise of the call itself.
 * A promise around it would settle some microtasks later, and commands of a workflow could then have
 * another order than in the history of a run without tracing.
 */
function beside<I, R>(record: Call<I, R>): Call<I, R> {
  return (input, next) => {
    let result: Promise<R> | undefined;
    const recorded = record(input, (changed) => (result = next(changed)));
    if (!result) return recorded;
    recorded.catch(() => undefined); // the caller gets the error of `result`
    return result;
  };
}

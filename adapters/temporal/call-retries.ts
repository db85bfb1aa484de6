import {
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

const NOT_FOUND = 5;
/** Text of the server; it caches namespaces, and reports one as missing that it could not read. */
const NAMESPACE_MISSING = /^namespace .*not found/i;
/** Number of attempts for a missing namespace, within about 3 s. */
const NAMESPACE_ATTEMPTS = 6;
/** Creating a namespace starts with a call that expects it to be missing. */
const DESCRIBE_NAMESPACE = '/DescribeNamespace';

/**
 * Creates the interceptors that repeat calls: the SDK's retries, and retries of a namespace that a
 * busy or starting server does not find.
 * @param timeoutMs time for a call without a deadline, with its retries; default: no limit.
 */
export function createRetries(timeoutMs?: number): Interceptor[] {
  const options = defaultGrpcRetryOptions();
  const retry = makeGrpcRetryInterceptor(options);
  const retryNamespace = makeGrpcRetryInterceptor({
    ...options,
    retryableDecider: (attempt, status) =>
      isNamespaceMissing(status)
        ? attempt < NAMESPACE_ATTEMPTS
        : options.retryableDecider(attempt, status),
  });
  const retryCall: Interceptor = (call, next) => {
    const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    const limited = { ...call, deadline: call.deadline ?? deadline };
    const isLookup = call.method_definition.path.endsWith(DESCRIBE_NAMESPACE);
    return (isLookup ? retry : retryNamespace)(limited, next);
  };
  return [retryCall];
}

function isNamespaceMissing(status: { readonly code: number; readonly details: string }): boolean {
  return status.code === NOT_FOUND && NAMESPACE_MISSING.test(status.details);
}

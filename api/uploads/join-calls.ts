/** Returns `work` with one call in progress per key: further calls with it get the same result. */
export function joinCalls<Result>(
  work: (key: string) => Promise<Result>,
): (key: string) => Promise<Result> {
  const running = new Map<string, Promise<Result>>();
  return (key) => {
    const call = running.get(key) ?? work(key).finally(() => running.delete(key));
    running.set(key, call);
    return call;
  };
}

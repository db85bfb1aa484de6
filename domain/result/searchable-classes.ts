/** Maximum size of a search attribute in Temporal is 2 KiB; this leaves room for the encoding as JSON. */
const MAX_BYTES = 1024;

/**
 * Returns the classes for the search attribute of a job: as many of the first as fit.
 * @param classes names, the most frequent first
 */
export function searchableClasses(classes: readonly string[]): string[] {
  let size = 0;
  const end = classes.findIndex((name) => {
    size += Buffer.byteLength(JSON.stringify(name)) + 1;
    return size > MAX_BYTES;
  });
  return classes.slice(0, end === -1 ? undefined : end);
}

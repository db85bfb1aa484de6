const { VIDETTE_TEST_ALL: all, VIDETTE_TEST_REST: rest } = process.env;

/**
 * Selects the modes in which a test runs: the first ones in `npm test`, the others in
 * `npm run test:rest`, and both in `npm run test:all`.
 */
export function selectModes<First, Other>(
  first: readonly First[],
  others: readonly Other[],
): (First | Other)[] {
  return [...(rest ? [] : first), ...(all || rest ? others : [])];
}

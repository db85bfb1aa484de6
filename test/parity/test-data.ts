/**
 * Returns the folder of the reference data. Parity tests are skipped without it.
 * @throws Error if `VIDETTE_TEST_DATA` is not set
 */
export function testDataFolder(): string {
  const folder = process.env['VIDETTE_TEST_DATA'];
  if (folder) return folder;
  throw new Error('Set VIDETTE_TEST_DATA to the folder of the reference data to run these tests');
}

/** The folder of the reference data; the parity tests are left out of runs without it. */
export function testDataFolder(): string {
  const folder = process.env['VIDETTE_TEST_DATA'];
  if (folder) return folder;
  throw new Error('Set VIDETTE_TEST_DATA to the folder of the reference data to run these tests');
}

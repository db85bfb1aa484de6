import { randomBytes } from 'node:crypto';

/** Bytes that distinguish the ids of this process from those of others. */
const PROCESS = randomBytes(5).toString('hex');
const COUNTS = 2 ** 24;
let count = randomBytes(3).readUIntBE(0, 3);

/**
 * Creates the id of a prediction: 24 digits in lower-case hexadecimal, which begin with the second
 * of its creation, so that ids sort by time (the layout of BSON's ObjectId).
 */
export function createPredictionId(): string {
  count = (count + 1) % COUNTS;
  const second = Math.floor(Date.now() / 1000);
  return `${hex(second, 8)}${PROCESS}${hex(count, 6)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

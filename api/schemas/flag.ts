import { z } from 'zod';

/** Flag of a query string: false by default. */
export const flag = z
  .enum(['0', '1', 'false', 'true'])
  .default('0')
  .transform((text) => text === '1' || text === 'true');

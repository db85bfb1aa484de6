import { z } from 'zod';

/** A switch in the query of an address: off when it is not there. */
export const flag = z
  .enum(['0', '1', 'false', 'true'])
  .default('0')
  .transform((text) => text === '1' || text === 'true');

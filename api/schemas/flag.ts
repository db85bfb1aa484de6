import { z } from 'zod';
import { described } from '../../domain/described.js';

/** Flag of a query string: false by default. */
export const flag = (description: string) =>
  described(
    z
      .enum(['0', '1', 'false', 'true'])
      .default('0')
      .transform((text) => text === '1' || text === 'true'),
    description,
  );

import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { SCENARIO_UUID } from '../../domain/names.js';
import { readJson, writeJson } from '../../stack/write-json.js';

/** Numbers of the last rows that were written, by scenario. */
export interface Offsets {
  get(scenarioUuid: string): number | undefined;
  set(scenarioUuid: string, frameNumber: number): void;
  /** Stores the numbers. */
  save(): Promise<void>;
}

const fileSchema = z.record(z.string().regex(SCENARIO_UUID), z.int().min(0));

/**
 * Opens the file in which a reader keeps its place, so that it continues there after a restart; rows
 * since the last `save` are read again.
 * @param path undefined: the numbers are kept in memory only.
 */
export async function openOffsets(path: string | undefined): Promise<Offsets> {
  const numbers = new Map(Object.entries(path === undefined ? {} : await readOffsets(path)));
  let isChanged = false;
  return {
    get: (uuid) => numbers.get(uuid),
    set: (uuid, number) => {
      numbers.set(uuid, number);
      isChanged = true;
    },
    save: async () => {
      if (path === undefined || !isChanged) return;
      isChanged = false;
      await writeJson(path, Object.fromEntries(numbers));
    },
  };
}

async function readOffsets(path: string): Promise<Record<string, number>> {
  const parsed = fileSchema.safeParse((await readJson(path)) ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    'INVALID_INPUT',
    `The file ${path} does not contain numbers by scenario_uuid. Give another file, or delete it.`,
  );
}

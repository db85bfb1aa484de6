import { z } from 'zod';

/** Keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

const parent = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** Sets a value within an object in place, or removes it if the value is undefined. */
export function setAt(object: object, path: Path, value: unknown): void {
  const [last] = path.slice(-1);
  if (last === undefined) throw new Error('The path of a mutant is empty');
  const target = path.slice(0, -1).reduce<object>((at, key) => {
    const next: unknown = Reflect.get(at, key);
    if (!parent.safeParse(next).success) throw new Error(`No ${key} at ${path.join('.')}`);
    return Object(next) as object;
  }, object);
  if (value === undefined) Reflect.deleteProperty(target, last);
  else Reflect.set(target, last, value);
}

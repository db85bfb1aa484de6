import { parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { recordSchema } from '../../domain/record-schema.js';
import { pythonToYaml } from './python-literal.js';

const label = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const list = z.array(label).min(1);
/** `{"0": "cat"}` or Keras's `{"0": ["n02123045", "cat"]}`. */
const byNumber = z.record(
  z.string().regex(/^\d+$/),
  z.union([
    label,
    z
      .array(label)
      .min(1)
      .transform((names) => names.at(-1)!),
  ]),
);
/** `{"cat": 0}`. */
const byName = recordSchema(z.int().min(0));
/** The `data.yaml` of a data set. */
const dataset = z.looseObject({ names: z.union([list, byNumber]) });

/**
 * Parses labels in class order from a text: one per line, a list, a `class_indices.json`, the `names`
 * of a `data.yaml`, or an exporter's Python dictionary.
 * @throws AppError `INVALID_INPUT` for another format, or if a class has no label.
 * @example parseLabels("{0: 'cat', 1: 'dog'}", 'names') // ['cat', 'dog']
 */
export function parseLabels(text: string, title: string): readonly string[] {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw invalid(title, 'it is empty');
  const isFile = /\.(json|ya?ml)$/i.test(title);
  if (isFile || /^[[{]/.test(trimmed)) {
    return expectLabels(labelsOf(parseValue(trimmed, title, isFile), title), title);
  }
  return parseLines(trimmed, title);
}

function expectLabels(labels: readonly string[], title: string): readonly string[] {
  const empty = labels.findIndex((label) => label.trim() === '');
  if (empty >= 0) throw invalid(title, `the label of class ${empty} is empty`);
  return labels;
}

function parseLines(text: string, title: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const empty = lines.indexOf('');
  if (empty >= 0)
    throw invalid(title, `line ${empty + 1} is empty, but every line must name a class`);
  return lines;
}

function labelsOf(value: unknown, title: string): readonly string[] {
  const names = dataset.safeParse(value);
  const labels = names.success ? names.data.names : value;
  const asList = list.safeParse(labels);
  if (asList.success) return asList.data;
  const numbered = byNumber.safeParse(labels);
  if (numbered.success) return sortById(Object.entries(numbered.data), title);
  const named = byName.safeParse(labels);
  if (named.success) {
    return sortById(
      Object.entries(named.data).map(([name, id]) => [String(id), name]),
      title,
    );
  }
  throw invalid(
    title,
    'expected one label per line, a list, {"0": "cat"}, {"cat": 0} or a data.yaml with names',
  );
}

/** Parses a file as JSON or YAML, and any other text as JSON or a Python literal. */
function parseValue(text: string, title: string, isFile: boolean): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseYaml(isFile ? text : pythonToYaml(text), title);
  }
}

function parseYaml(text: string, title: string): unknown {
  // The parser's own check of keys takes quadratic time.
  const document = parseDocument(text, { uniqueKeys: false });
  const [cause] = document.errors;
  if (cause) throw notParsed(title, cause);
  visit(document, { Map: (_, { items }) => expectUniqueKeys(items, title) });
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (error) {
    throw notParsed(title, error);
  }
}

function notParsed(title: string, cause: unknown): AppError {
  return invalid(title, 'the text is not valid JSON, YAML or a Python literal', cause);
}

function expectUniqueKeys(pairs: readonly { readonly key: unknown }[], title: string): void {
  const found = new Set<string>();
  for (const { key } of pairs) {
    const name = String(key);
    if (found.has(name)) throw invalid(title, `${JSON.stringify(name)} occurs twice`);
    found.add(name);
  }
}

function sortById(entries: readonly (readonly [id: string, name: string])[], title: string) {
  const labels = new Map(entries.map(([id, name]) => [Number(id), name]));
  return entries.map((_, id) => {
    const name = labels.get(id);
    if (name !== undefined) return name;
    throw invalid(title, `class ${id} of ${entries.length} has no label`);
  });
}

function invalid(title: string, problem: string, cause?: unknown): AppError {
  return new AppError('INVALID_INPUT', `The labels of ${title}: ${problem}`, {}, { cause });
}

import { readFileSync } from 'node:fs';

/**
 * Import rules, read from the table of folders in docs/architecture.md: a row names a folder and, in
 * its last column, the folders that it may import. `types of x` allows type-only imports of `x`.
 */
const page = new URL('docs/architecture.md', import.meta.url);
const ROW = /^\| `([a-z]+)\/` +\|.*\|([^|]*)\|$/gm;
const layers = [...readFileSync(page, 'utf8').matchAll(ROW)].map(([, folder, imports]) => ({
  folder,
  imports: imports.split(',').map((cell) => cell.replaceAll('`', '').replace('/', '').trim()),
}));
if (layers.length === 0) throw new Error(`No table of folders in ${page.pathname}.`);

const TYPES_OF = 'types of ';
const folders = layers.map(({ folder }) => folder);
const anyOf = (names) => `^(${names.join('|')})/`;

const layerRules = layers.flatMap(({ folder, imports }) => {
  const values = imports.filter((name) => folders.includes(name));
  const types = imports
    .filter((name) => name.startsWith(TYPES_OF))
    .map((name) => name.slice(TYPES_OF.length));
  const unknown = imports.filter(
    (name) => name !== '' && !values.includes(name) && !name.startsWith(TYPES_OF),
  );
  if (unknown.length > 0) throw new Error(`${folder}/ may import unknown folders: ${unknown}.`);
  const from = { path: anyOf([folder]) };
  const closed = folders.filter((name) => ![folder, ...values, ...types].includes(name));
  return [
    rule(`${folder}-imports`, from, { path: anyOf(closed) }),
    ...types.map((name) =>
      rule(`${folder}-imports-types-of-${name}`, from, {
        path: anyOf([name]),
        dependencyTypesNot: ['type-only'],
      }),
    ),
  ];
});

function rule(name, from, to) {
  return { name, severity: 'error', comment: 'See docs/architecture.md.', from, to };
}

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    // The root holds configuration of tools only; all other code is in a folder of the table.
    rule(
      'known-folder',
      { path: '\\.ts$', pathNot: [anyOf(folders), '^vitest\\.config\\.ts$'] },
      {},
    ),
    rule('known-target', {}, { path: '\\.ts$', pathNot: [anyOf(folders), 'node_modules'] }),
    // The only module that imports it disables its telemetry first.
    rule(
      'onnx-runtime-without-telemetry',
      { pathNot: ['^models/session/onnx-runtime\\.ts$', 'node_modules/'] },
      { path: 'onnxruntime-node', dependencyTypesNot: ['type-only'] },
    ),
    rule('tests-stay-outside', { path: anyOf(folders) }, { path: '(^test/|\\.test\\.ts$)' }),
    rule(
      'pure-domain',
      { path: '^domain/' },
      {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        dependencyTypesNot: ['type-only'],
        pathNot: ['^(node:)?crypto$', 'node_modules/(zod|@streamparser/json)/'],
      },
    ),
    ...layerRules,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.test\\.ts$', '^(dist|test|scripts|coverage)/', '^web/(dist|vite)'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};

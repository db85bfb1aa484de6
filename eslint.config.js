import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** Which folder may import which: the table of `docs/architecture.md`. */
const LAYERS = {
  domain: ['domain'],
  platform: ['platform', 'domain'],
  config: ['config', 'platform', 'domain'],
  workflows: ['workflows', 'domain'],
  activities: ['activities', 'domain'],
  models: ['models', 'domain'],
  adapters: ['adapters', 'platform', 'domain'],
  lanes: ['lanes', 'runtime', 'domain'],
  runtime: ['runtime', 'config', 'adapters', 'domain'],
  detection: ['detection', 'lanes', 'models', 'adapters', 'config', 'domain'],
  workers: [
    ...['workers', 'workflows', 'activities', 'detection', 'lanes', 'models', 'adapters'],
    ...['runtime', 'config', 'platform', 'domain'],
  ],
  sample: ['sample', 'domain'],
  stack: ['stack', 'config', 'platform', 'domain'],
  client: ['client', 'domain'],
  cli: [
    ...['cli', 'client', 'stack', 'sample', 'adapters', 'models', 'config', 'platform', 'domain'],
  ],
  api: [
    ...['api', 'client', 'lanes', 'models', 'adapters', 'runtime', 'config', 'platform', 'domain'],
  ],
  web: ['web'],
  bench: [
    ...['bench', 'cli', 'client', 'stack', 'sample', 'lanes', 'adapters', 'models', 'config'],
    ...['platform', 'domain'],
  ],
};

const folders = Object.keys(LAYERS);

/** Folders that are given their settings as arguments. */
const withoutConfig = ['domain', 'workflows', 'activities', 'models', 'adapters'];
const noConfig = {
  group: ['**/config/*.js'],
  message: 'Settings are passed on as arguments.',
};

const policies = [
  ...Object.entries(LAYERS).map(([from, types]) => ({
    from: { element: { type: from } },
    allow: types.map((type) => ({ to: { element: { type } } })),
  })),
  // A workflow, a client and the page see the types of activities, workflows and the API only.
  ...Object.entries({ workflows: 'activities', client: 'workflows', web: 'api' }).map(
    ([from, type]) => ({
      from: { element: { type: from } },
      allow: [{ to: { element: { type } }, dependency: { kind: 'type' } }],
    }),
  ),
];

/** Modules of Node that a workflow cannot use: its sandbox has none. */
const workflowImports = {
  patterns: [
    noConfig,
    {
      group: ['node:*', 'fs', 'path', 'crypto', 'zod'],
      message: 'Workflows never touch the world.',
    },
    { regex: 'activities/', allowTypeImports: true, message: 'Import types of activities only.' },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'web/dist/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: true },
      'boundaries/elements': [
        ...folders.map((name) => ({ type: name, pattern: name, partialMatch: false })),
      ],
      'boundaries/ignore': ['**/*.test.ts', 'test/**'],
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config/ reads the environment.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: [...withoutConfig.map((name) => `${name}/**/*.ts`), 'client/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noConfig] }] },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', workflowImports] },
  },
  {
    files: ['config/**', 'vitest.config.ts', 'test/**', '**/*.test.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: [
      'cli/**',
      'bench/**',
      'stack/tools-main.ts',
      'stack/supervisor/main.ts',
      'test/**',
      'scripts/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['scripts/**/*.mjs', '*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);

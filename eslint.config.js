import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Folders that receive their settings as arguments. */
const withoutConfig = ['domain', 'workflows', 'activities', 'models', 'adapters'];
const noConfig = {
  group: ['**/config/*.js'],
  message: 'Pass settings as arguments.',
};

/** Modules that do not exist in the sandbox of a workflow. */
const workflowImports = {
  patterns: [
    noConfig,
    {
      group: ['node:*', 'fs', 'path', 'crypto', 'zod'],
      message: 'Workflows are deterministic: do this in an activity.',
    },
    { regex: 'activities/', allowTypeImports: true, message: 'Import only types of activities.' },
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
    rules: {
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
    files: ['**/*.mjs', '*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);

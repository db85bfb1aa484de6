import { expect, it } from 'vitest';
import { environmentSchema } from './env-schema.js';
import { environmentWithoutSecrets, SECRET_VARIABLES, STORE_SECRETS } from './secrets.js';

it('knows each variable of the schema whose name looks like a credential', () => {
  const names = Object.keys(environmentSchema.shape);
  const secret = names.filter((name) =>
    /(_KEY|_KEYS|_SECRET|_TOKEN|_KEYS_FILE|_URI|_HEADERS)$/.test(name),
  );
  expect(secret.length).toBeGreaterThan(5);
  for (const name of secret) expect(SECRET_VARIABLES).toContain(name);
});

it('removes credentials, except those that are needed', () => {
  const environment = Object.fromEntries([...SECRET_VARIABLES, 'PATH'].map((name) => [name, 'x']));
  expect(environmentWithoutSecrets([], environment)).toEqual({ PATH: 'x' });
  expect(Object.keys(environmentWithoutSecrets(STORE_SECRETS, environment)).sort()).toEqual(
    [...STORE_SECRETS, 'PATH'].sort(),
  );
});

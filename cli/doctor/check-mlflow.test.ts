import { expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { startRecordedMlflow } from '../../test/support/recorded-mlflow.js';
import { checkMlflow } from './check-mlflow.js';

it('checks nothing if no MLflow server is configured', async () => {
  expect(await checkMlflow(readConfig({}))).toEqual([]);
});

it('reports the version of MLflow, or why it cannot be read', async () => {
  const mlflow = await startRecordedMlflow();
  const config = readConfig({ MLFLOW_URI: mlflow.uri });
  const found = { name: 'MLflow', message: `3.17.2 at ${mlflow.uri}` };
  expect(await checkMlflow(config)).toEqual([{ ...found, state: 'ok' }]);
  mlflow.replace('registered-models/search', (_, response) => response.writeHead(401).end());
  const [rejected] = await checkMlflow(config);
  expect(rejected).toMatchObject({ name: 'MLflow', state: 'note' });
  expect(rejected?.message).toContain('MLFLOW_TRACKING_TOKEN');
  await mlflow.close();
});

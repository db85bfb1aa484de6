import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentVariables, readConfig } from './index.js';

describe('readConfig', () => {
  it('has a default for everything but credentials', () => {
    const config = readConfig({});
    expect(config.objectStore.secretKey).toBeUndefined();
    expect(config.lanes).toBeGreaterThanOrEqual(1);
    expect(config.scratchDir.startsWith(config.dataDir)).toBe(true);
  });

  it.each([
    [{}, false],
    [{ TEMPORAL_ADDRESS: '' }, false],
    [{ TEMPORAL_ADDRESS: '127.0.0.1:7233' }, true],
  ])('knows whether servers are named: %o, %s', (environment, namesServers) => {
    const config = readConfig(environment);
    expect(config.namesServers).toBe(namesServers);
    expect(config.temporal.address).toBe('127.0.0.1:7233');
  });

  it('has two lanes on a GPU unless their number is set', () => {
    expect(readConfig({ VIDETTE_DEVICE: 'gpu' }).lanes).toBe(2);
    expect(readConfig({ VIDETTE_DEVICE: 'gpu', VIDETTE_LANES: '4' }).lanes).toBe(4);
  });

  it.each([
    [{}, undefined],
    [{ MLFLOW_URI: 'http://mlflow:5000/' }, 'http://mlflow:5000'],
    [{ MLFLOW_TRACKING_URI: 'https://host/mlflow' }, 'https://host/mlflow'],
    [{ MLFLOW_URI: 'http://a', MLFLOW_TRACKING_URI: 'http://b' }, 'http://a'],
    [{ MLFLOW_TRACKING_URI: 'sqlite:///mlflow.db' }, undefined],
  ])('reads the URL of MLflow: %o, %s', (environment, uri) => {
    expect(readConfig(environment).mlflow?.uri).toBe(uri);
  });

  it.each([
    [{}, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://host:4318/otlp/' }, 'http://host:4318/otlp'],
  ])('reads the receiver of traces: %o, %s', (environment, endpoint) => {
    expect(readConfig(environment).tracing?.endpoint).toBe(endpoint);
  });

  it('treats an empty value as unset', () => {
    expect(readConfig({ LOG_LEVEL: '' }).logLevel).toBe('info');
  });

  it.each([
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ VIDETTE_LANES: 'many' }, 'VIDETTE_LANES'],
    [{ VIDETTE_SCRATCH_LIMIT_GB: '-1' }, 'VIDETTE_SCRATCH_LIMIT_GB'],
    [{ VIDETTE_DEVICE: 'tpu' }, 'VIDETTE_DEVICE'],
    [{ TEMPORAL_DEPLOYMENT_NAME: 'vidette' }, 'TEMPORAL_BUILD_ID'],
    [{ TEMPORAL_BUILD_ID: '1' }, 'TEMPORAL_DEPLOYMENT_NAME'],
    [{ TEMPORAL_WORKER_BUILD_ID: '1' }, 'TEMPORAL_DEPLOYMENT_NAME'],
    [{ TEMPORAL_DEPLOYMENT_NAME: 'a.b', TEMPORAL_BUILD_ID: '1' }, 'TEMPORAL_DEPLOYMENT_NAME'],
    [{ VIDETTE_BATCH: '0' }, 'VIDETTE_BATCH'],
    [{ VIDETTE_API_AUTH: 'none', VIDETTE_API_HOST: '0.0.0.0' }, 'VIDETTE_API_AUTH'],
    [{ VIDETTE_API_AUTH: 'off' }, 'VIDETTE_API_AUTH'],
    [{ VIDETTE_TEST_TIMING: '{' }, 'VIDETTE_TEST_TIMING'],
    [{ VIDETTE_TEST_TIMING: '{"sweep":1}' }, 'VIDETTE_TEST_TIMING'],
    [{ VIDETTE_CORS_ORIGINS: '*' }, 'VIDETTE_CORS_ORIGINS'],
    [{ MLFLOW_URI: 'file:///mlflow' }, 'MLFLOW_URI'],
    [{ MLFLOW_URI: 'http://anna:secret@mlflow:5000' }, 'MLFLOW_TRACKING_PASSWORD'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'host:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ MAX_WORKERS: '0' }, 'MAX_WORKERS'],
    [{ VIDEO_FPS: '61' }, 'VIDEO_FPS'],
    [{ VIDETTE_CAMERA_KEY: 'secret' }, 'VIDETTE_CAMERA_KEY'],
    [{ VIDETTE_CAMERA_NETWORKS: 'camera.local' }, 'VIDETTE_CAMERA_NETWORKS'],
    [{ VIDETTE_STREAM_KEEP_GB: '0' }, 'VIDETTE_STREAM_KEEP_GB'],
    [{ VIDETTE_KEEP_PICTURES_DAYS: '-1' }, 'VIDETTE_KEEP_PICTURES_DAYS'],
    [{ VIDETTE_AUDIT_RATE: '2' }, 'VIDETTE_AUDIT_RATE'],
    [{ VIDETTE_RETENTION: '30' }, 'VIDETTE_RETENTION'],
    [{ VIDETTE_RETENTION: '0d' }, 'VIDETTE_RETENTION'],
    [{ VIDETTE_RETENTION: 'results:30d' }, 'VIDETTE_RETENTION'],
  ])('names the invalid variable: %o', (environment, name) => {
    expect(() => readConfig(environment)).toThrowError(new RegExp(name));
  });

  it.each([
    [{}, 1],
    [{ VIDETTE_DEVICE: 'gpu' }, 8],
    [{ VIDETTE_DEVICE: 'gpu', VIDETTE_BATCH: '1' }, 1],
    [{ VIDETTE_BATCH: '4' }, 4],
  ])('chooses the batch size: %o, %i', (environment, batch) => {
    expect(readConfig(environment).batch).toBe(batch);
  });

  it.each([
    [{}, undefined],
    [{ TEMPORAL_DEPLOYMENT_NAME: 'vidette', TEMPORAL_BUILD_ID: '1' }, '1'],
    [{ TEMPORAL_DEPLOYMENT_NAME: 'vidette', TEMPORAL_WORKER_BUILD_ID: '2' }, '2'],
  ])('reads the build of a worker: %o, %s', (environment, buildId) => {
    expect(readConfig(environment).temporal.deployment?.buildId).toBe(buildId);
  });

  it('rejects two names of the build that differ', () => {
    const builds = { TEMPORAL_BUILD_ID: '1', TEMPORAL_WORKER_BUILD_ID: '2' };
    const read = () => readConfig({ TEMPORAL_DEPLOYMENT_NAME: 'vidette', ...builds });
    expect(read).toThrow('TEMPORAL_BUILD_ID is "1" and TEMPORAL_WORKER_BUILD_ID is "2"');
  });

  it.each([
    [{}, undefined],
    [{ VIDETTE_RETENTION: '30d' }, { older_than_s: 2_592_000, frames_only: false }],
    [{ VIDETTE_RETENTION: 'frames:12h' }, { older_than_s: 43_200, frames_only: true }],
  ])('reads the age from which jobs are pruned: %o, %o', (environment, retention) => {
    expect(readConfig(environment).retention).toEqual(retention);
  });

  it.each([
    [{}, 'none'],
    [{ VIDETTE_API_HOST: '127.0.0.2' }, 'none'],
    [{ VIDETTE_API_HOST: '::1' }, 'none'],
    [{ VIDETTE_API_AUTH: 'keys' }, 'keys'],
    [{ VIDETTE_API_HOST: '0.0.0.0' }, 'keys'],
    [{ VIDETTE_API_HOST: '::' }, 'keys'],
    [{ VIDETTE_API_HOST: '127.0.0.1.example' }, 'keys'],
  ])('requires keys if other machines can connect: %o, %s', (environment, auth) => {
    expect(readConfig(environment).api.auth).toBe(auth);
  });

  it('keeps the default of waits that are not overridden', () => {
    const { timing } = readConfig({ VIDETTE_TEST_TIMING: '{"sweepMs":500}' });
    expect(timing).toEqual({
      ...{ retryMs: 5000, sweepMs: 500, sourcesMs: 60_000 },
      ...{ streamsMs: 3_600_000, sightingsMs: 30_000, yieldCheckMs: 30_000 },
      ...{ cacheMs: 10_000, answerMs: 8000 },
    });
  });

  it('is documented, variable by variable', () => {
    const text = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8');
    const documented = environmentVariables.filter((name) => text.includes(`\`${name}\``));
    expect(documented).toEqual(environmentVariables);
  });
});

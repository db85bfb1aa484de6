import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ownEnvironment } from '../../config/index.js';
import { readCompose } from './read-compose.js';

const ROOT = join(import.meta.dirname, '../..');
const COMPOSE_FILE = join(ROOT, 'docker-compose.yml');
/** Values that occur nowhere else, so that each can be found in the result. */
const SECRETS = {
  POSTGRES_PASSWORD: 'postgres-8f1c',
  MINIO_ACCESS_KEY: 'access-27ab',
  MINIO_SECRET_KEY: 'secret-93de',
  MONGO_PASSWORD: 'mongo-5b60',
};

const servicesOf = (profiles: readonly string[] = []) =>
  readCompose(COMPOSE_FILE, SECRETS, profiles);

const { failed } = await execa('docker', ['compose', 'version'], { reject: false });
const hasDockerCompose = !failed;
/** Findings of dclint, which also has opinions on style; those are not tested. */
const lintResult = z.array(z.object({ messages: z.array(z.object({ rule: z.string() })) }));

const SERVERS = ['minio', 'mongodb', 'postgresql', 'temporal', 'temporal-ui'];
/** Services that end. */
const JOBS = ['temporal-namespace', 'temporal-schema'];
const WORKERS = ['api', 'detect-worker', 'init', 'video-worker'];
const ALWAYS = [...JOBS, ...SERVERS, ...WORKERS].sort();
/** Script of the images that asks `/readyz`. */
const HEALTH_CHECK = ['CMD', 'node', 'healthcheck.mjs'];
const PROFILES = ['cameras', 'gpu', 'images', 'monitoring', 'registry'];

describe('docker-compose.yml', () => {
  it('conforms to the schema of the Compose specification', async () => {
    const command = ['node_modules/.bin/dclint', '--formatter', 'json', 'docker-compose.yml'];
    const { stdout } = await execa(process.execPath, command, { cwd: ROOT, reject: false });
    const messages = lintResult.parse(JSON.parse(stdout)).flatMap((file) => file.messages);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.filter(({ rule }) => rule.startsWith('invalid-'))).toEqual([]);
  });

  it.skipIf(!hasDockerCompose)('is accepted by Docker Compose', async () => {
    const { PATH, HOME } = ownEnvironment();
    // A file `.env` in the project must not affect the test.
    const files = ['-f', COMPOSE_FILE, '--project-directory', ROOT, '--env-file', '/dev/null'];
    const { stderr, exitCode } = await execa('docker', ['compose', ...files, 'config', '--quiet'], {
      ...{ cwd: tmpdir(), extendEnv: false, reject: false },
      env: { PATH, HOME, ...SECRETS },
    });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('starts all services but those of a profile', async () => {
    expect(Object.keys(await servicesOf()).sort()).toEqual(ALWAYS);
  });

  it('adds the GPU worker with its profile', async () => {
    const { 'detect-worker-gpu': gpu, ...others } = await servicesOf(['gpu']);
    expect(Object.keys(others).sort()).toEqual(ALWAYS);
    expect(gpu?.environment).toMatchObject({ VIDETTE_DEVICE: 'gpu' });
  });

  it.each([
    ['images', ['images']],
    ['monitoring', ['grafana', 'prometheus']],
    ['registry', ['mlflow']],
  ])('adds the services of the profile %s', async (profile, added) => {
    const services = await servicesOf([profile]);
    expect(Object.keys(services).sort()).toEqual([...ALWAYS, ...added].sort());
  });

  it('serves images without other services, from a folder that it cannot write', async () => {
    const { images } = await servicesOf(['images']);
    expect(images?.depends_on).toBeUndefined();
    expect(images?.volumes).toContain('images-models:/models:ro');
    expect(images?.environment).toMatchObject({ VIDETTE_API_OPEN: false });
  });

  it('mounts files that the repository contains', async () => {
    const { stdout } = await execa('git', ['ls-files', 'deploy'], { cwd: ROOT });
    const files = stdout.split('\n');
    const services = Object.values(await servicesOf(PROFILES));
    const mounts = services.flatMap(({ volumes = [] }) => volumes);
    const paths = mounts.filter((mount) => mount.startsWith('./')).map((mount) => mount.slice(2));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths.map((mount) => mount.split(':')[0]!)) {
      const folder = path.split('/').slice(0, 2).join('/');
      if (!files.some((file) => file.startsWith(`${folder}/`))) continue;
      expect(
        files.some((file) => file === path || file.startsWith(`${path}/`)),
        path,
      ).toBe(true);
    }
  });

  it('adds the worker of cameras with its profile, reachable by the API', async () => {
    const { 'stream-worker': stream, ...others } = await servicesOf(['cameras']);
    expect(Object.keys(others).sort()).toEqual(ALWAYS);
    expect(stream?.environment).toMatchObject({ VIDETTE_STREAM_HOST: '0.0.0.0', MAX_WORKERS: 4 });
  });

  it.each(Object.keys(SECRETS))('names %s if it is missing', async (name) => {
    const given = Object.fromEntries(Object.entries(SECRETS).filter(([key]) => key !== name));
    for (const settings of [given, { ...given, [name]: '' }]) {
      const services = readCompose(COMPOSE_FILE, settings);
      await expect(services).rejects.toThrow(`${name} is missing a value`);
      await expect(services).rejects.toThrow('deploy/.env.example');
    }
  });

  it('contains no secret', async () => {
    const given = new Set<string>(Object.values(SECRETS));
    for (const [name, { environment = {} }] of Object.entries(await servicesOf(PROFILES))) {
      for (const [variable, value] of Object.entries(environment)) {
        if (!/PASSWORD|PWD|SECRET|ACCESS_KEY|ROOT_USER$/.test(variable)) continue;
        expect(given, `${variable} of ${name}`).toContain(value);
      }
      const address = environment['MONGO_URI'];
      if (address) expect(new URL(String(address)).password).toBe(SECRETS.MONGO_PASSWORD);
    }
    const text = await readFile(COMPOSE_FILE, 'utf8');
    const withDefault = text.match(/\$\{\w*(PASSWORD|SECRET|ACCESS_KEY)\w*(?!:\?|\w)[^}]*\}/g);
    expect(withDefault).toBeNull();
    const example = await readFile(join(ROOT, 'deploy/.env.example'), 'utf8');
    for (const name of Object.keys(SECRETS)) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it('publishes ports on loopback only, and none of the Temporal database', async () => {
    const services = await servicesOf(PROFILES);
    const ports = Object.values(services).flatMap((each) => each.ports ?? []);
    const targets = [
      '27017',
      '3000',
      '5000',
      '7233',
      '8080',
      '8080',
      '8080',
      '9000',
      '9001',
      '9090',
    ];
    expect(ports.map(({ target }) => target).sort()).toEqual(targets);
    expect(new Set(ports.map(({ hostIp }) => hostIp))).toEqual(new Set(['127.0.0.1']));
  });

  it('pins every image and restricts every service', async () => {
    for (const [name, each] of Object.entries(await servicesOf(PROFILES))) {
      expect(each.image, name).toMatch(/:(?!latest)[\w.-]+$/);
      expect(each.cap_drop, name).toEqual(['ALL']);
      expect(each.security_opt, name).toContain('no-new-privileges:true');
      expect(each.restart, name).toMatch(/^(unless-stopped|on-failure)/);
      if (SERVERS.includes(name)) expect(each.healthcheck, name).toBeDefined();
      else expect(each.read_only, name).toBe(true);
    }
  });

  it('disables telemetry and look-ups of versions', async () => {
    const services = await servicesOf(['gpu']);
    const environmentOf = (name: string) => services[name]?.environment ?? {};
    for (const name of [...WORKERS, 'detect-worker-gpu']) {
      expect(environmentOf(name), name).toHaveProperty('ORT_DISABLE_TELEMETRY', 1);
    }
    expect(environmentOf('temporal')).toMatchObject({ TEMPORAL_VERSION_CHECK_DISABLED: 1 });
    expect(environmentOf('temporal-ui')).toMatchObject({
      TEMPORAL_NOTIFY_ON_NEW_VERSION: false,
      TEMPORAL_DISABLE_NEWS_FETCH: true,
    });
    expect(environmentOf('minio')).toMatchObject({ MINIO_UPDATE: 'off' });
    const image = await readFile(join(ROOT, 'deploy/Dockerfile'), 'utf8');
    expect(image.match(/^ENV .*ORT_DISABLE_TELEMETRY=1$/gm)).toHaveLength(2);
  });

  it('requires a key for the API', async () => {
    const { api } = await servicesOf();
    expect(api?.environment).toMatchObject({
      VIDETTE_API_HOST: '0.0.0.0',
      VIDETTE_API_AUTH: 'keys',
    });
    expect(api?.healthcheck).toMatchObject({ test: HEALTH_CHECK });
    // The health check of the image reads the port of workers first.
    const { VIDETTE_API_PORT: port, VIDETTE_HEALTH_PORT: health } = api?.environment ?? {};
    expect(health).toBe(port);
  });

  it.each(['detect-worker', 'detect-worker-gpu', 'stream-worker', 'video-worker'])(
    'checks the readiness of %s at its configured port',
    async (name) => {
      const { [name]: worker } = await servicesOf(['gpu', 'cameras']);
      const port = worker?.environment?.['VIDETTE_HEALTH_PORT'];
      expect(String(port)).toMatch(/^\d+$/);
      expect(worker?.healthcheck).toMatchObject({ test: HEALTH_CHECK });
    },
  );

  it('creates the databases and the namespace of Temporal before anything uses them', async () => {
    const services = await servicesOf();
    const completed = { condition: 'service_completed_successfully' };
    expect(services['temporal']?.depends_on).toEqual({ 'temporal-schema': completed });
    expect(services['init']?.depends_on).toMatchObject({ 'temporal-namespace': completed });
    for (const name of JOBS) expect(services[name]?.restart).toBe('on-failure:5');
  });

  it('starts workers after the stores are healthy and initialised', async () => {
    const services = await servicesOf(['gpu', 'cameras']);
    const names = ['api', 'detect-worker', 'detect-worker-gpu', 'stream-worker', 'video-worker'];
    for (const name of names) {
      expect(services[name]?.depends_on, name).toMatchObject({
        init: { condition: 'service_completed_successfully' },
        temporal: { condition: 'service_healthy' },
        minio: { condition: 'service_healthy' },
        mongodb: { condition: 'service_healthy' },
      });
    }
  });
});

import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ownEnvironment, readConfig } from '../../config/index.js';
import { buildCompose } from './build-compose.js';

const BUILD_TIMEOUT_MS = 15 * 60_000;
const ROOT = join(import.meta.dirname, '../..');
const COMPOSE_FILE = join(ROOT, 'docker-compose.yml');
/** Values that stand nowhere else, so that each can be found in what comes out. */
const SECRETS = {
  POSTGRES_PASSWORD: 'postgres-8f1c',
  MINIO_ACCESS_KEY: 'access-27ab',
  MINIO_SECRET_KEY: 'secret-93de',
  MONGO_PASSWORD: 'mongo-5b60',
};

const port = z.object({ host_ip: z.string().optional(), target: z.number() });
const service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string().nullable()).optional(),
  ports: z.array(port).optional(),
  restart: z.string(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  read_only: z.boolean().optional(),
  healthcheck: z.unknown().optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const composeFile = z.object({ services: z.record(z.string(), service) });

let command: string;
beforeAll(async () => {
  command = await buildCompose(readConfig().cacheDir);
}, BUILD_TIMEOUT_MS);

function config(settings: Readonly<Record<string, string>>, profiles: readonly string[] = []) {
  const { PATH, HOME } = ownEnvironment();
  const chosen = profiles.map((profile) => `--profile=${profile}`);
  // A file `.env` of the user's in the project must not decide what is tested.
  const files = ['-f', COMPOSE_FILE, '--project-directory', ROOT, '--env-file', '/dev/null'];
  return execa(command, [...files, ...chosen, 'config', '--format', 'json'], {
    cwd: tmpdir(),
    env: { PATH, HOME, ...settings },
    extendEnv: false,
    reject: false,
  });
}

async function servicesOf(profiles: readonly string[] = []) {
  const { stdout, stderr, exitCode } = await config(SECRETS, profiles);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return composeFile.parse(JSON.parse(stdout)).services;
}

const SERVERS = ['minio', 'mongodb', 'postgresql', 'temporal', 'temporal-ui'];
const WORKERS = ['api', 'detect-worker', 'init', 'video-worker'];

describe('docker-compose.yml', () => {
  it('is valid with its secrets given, and starts no GPU worker', async () => {
    expect(Object.keys(await servicesOf()).sort()).toEqual([...SERVERS, ...WORKERS].sort());
  });

  it('adds the GPU worker with its profile', async () => {
    const { 'detect-worker-gpu': gpu, ...others } = await servicesOf(['gpu']);
    expect(Object.keys(others).sort()).toEqual([...SERVERS, ...WORKERS].sort());
    expect(gpu?.environment).toMatchObject({ VIDETTE_DEVICE: 'gpu' });
  });

  it.each(Object.keys(SECRETS))('names %s when it is not given', async (name) => {
    const given = Object.fromEntries(Object.entries(SECRETS).filter(([key]) => key !== name));
    for (const settings of [given, { ...given, [name]: '' }]) {
      const { exitCode, stderr } = await config(settings);
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain(`${name} is missing a value`);
      expect(stderr).toContain('deploy/.env.example');
    }
  });

  it('holds no secret of its own', async () => {
    const given = new Set<string>(Object.values(SECRETS));
    for (const [name, { environment = {} }] of Object.entries(await servicesOf(['gpu']))) {
      for (const [variable, value] of Object.entries(environment)) {
        if (!/PASSWORD|PWD|SECRET|ACCESS_KEY|ROOT_USER$/.test(variable)) continue;
        expect(given, `${variable} of ${name}`).toContain(value);
      }
      const address = environment['MONGO_URI'];
      if (address) expect(new URL(address).password).toBe(SECRETS.MONGO_PASSWORD);
    }
    const text = await readFile(COMPOSE_FILE, 'utf8');
    const withDefault = text.match(/\$\{\w*(PASSWORD|SECRET|ACCESS_KEY)\w*(?!:\?|\w)[^}]*\}/g);
    expect(withDefault).toBeNull();
    const example = await readFile(join(ROOT, 'deploy/.env.example'), 'utf8');
    for (const name of Object.keys(SECRETS)) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it('publishes ports on loopback only, and none of the database of Temporal', async () => {
    const services = await servicesOf(['gpu']);
    const ports = Object.values(services).flatMap((each) => each.ports ?? []);
    expect(ports.map(({ target }) => target).sort()).toEqual([27017, 7233, 8080, 8080, 9000, 9001]);
    expect(new Set(ports.map(({ host_ip }) => host_ip))).toEqual(new Set(['127.0.0.1']));
  });

  it('pins every image and gives no service more than it needs', async () => {
    for (const [name, each] of Object.entries(await servicesOf(['gpu']))) {
      expect(each.image, name).toMatch(/:(?!latest)[\w.-]+$/);
      expect(each.cap_drop, name).toEqual(['ALL']);
      expect(each.security_opt, name).toContain('no-new-privileges:true');
      expect(each.restart, name).toMatch(/^(unless-stopped|on-failure)/);
      if (SERVERS.includes(name)) expect(each.healthcheck, name).toBeDefined();
      else expect(each.read_only, name).toBe(true);
    }
  });

  it('lets nobody use the API without a key', async () => {
    const { api } = await servicesOf();
    expect(api?.environment).toMatchObject({
      VIDETTE_API_HOST: '0.0.0.0',
      VIDETTE_API_AUTH: 'keys',
    });
    expect(JSON.stringify(api?.healthcheck)).toContain('http://127.0.0.1:8080/readyz');
  });

  it.each(['detect-worker', 'detect-worker-gpu', 'video-worker'])(
    'asks %s whether it is ready, at the port that it is given',
    async (name) => {
      const { [name]: worker } = await servicesOf(['gpu']);
      const port = worker?.environment?.['VIDETTE_HEALTH_PORT'];
      expect(port).toMatch(/^\d+$/);
      expect(JSON.stringify(worker?.healthcheck)).toContain(`http://127.0.0.1:${port}/readyz`);
    },
  );

  it('starts workers after the stores are healthy and set up', async () => {
    const services = await servicesOf(['gpu']);
    for (const name of ['api', 'detect-worker', 'detect-worker-gpu', 'video-worker']) {
      expect(services[name]?.depends_on, name).toMatchObject({
        init: { condition: 'service_completed_successfully' },
        temporal: { condition: 'service_healthy' },
        minio: { condition: 'service_healthy' },
        mongodb: { condition: 'service_healthy' },
      });
    }
  });
});

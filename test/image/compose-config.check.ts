import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { readCompose } from '../compose/read-compose.js';
import { COMPOSE_FILE, podmanCompose } from './compose-tool.js';

/** Secrets of docker-compose.yml; each value occurs nowhere else. */
const SECRETS = {
  POSTGRES_PASSWORD: 'postgres-4d1e',
  MINIO_ACCESS_KEY: 'access-77c2',
  MINIO_SECRET_KEY: 'secret-0b9a',
  MONGO_PASSWORD: 'mongo-e613',
};
const PROFILES = ['cameras', 'gpu', 'images', 'monitoring', 'registry'];

type Environments = Readonly<Record<string, Readonly<Record<string, string>>>>;
interface WithEnvironment {
  readonly environment?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

/** Environment of each service, with values as text; an empty one is read as null after it is replaced. */
function environmentsOf(services: Readonly<Record<string, WithEnvironment>>): Environments {
  const asText = ({ environment = {} }: WithEnvironment) =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, String(value ?? '')]),
    );
  return Object.fromEntries(Object.entries(services).map(([name, each]) => [name, asText(each)]));
}

/** What podman-compose reads, with all profiles. */
async function readByPodman(file: string, settings = SECRETS): Promise<Environments> {
  const options = PROFILES.flatMap((profile) => ['--profile', profile]);
  const text = await podmanCompose({ args: ['config'], settings, files: [file], options });
  const { services } = parse(text) as { services: Record<string, WithEnvironment> };
  return environmentsOf(services);
}

it('is read by podman-compose as by Docker Compose', async () => {
  const expected = environmentsOf(await readCompose(COMPOSE_FILE, SECRETS, PROFILES));
  expect(await readByPodman(COMPOSE_FILE)).toEqual(expected);
});

it('is not started by podman-compose without a secret', async () => {
  const { MONGO_PASSWORD: _, ...others } = SECRETS;
  const settings = { ...others, MONGO_PASSWORD: '' };
  await expect(readByPodman(COMPOSE_FILE, settings)).rejects.toThrow('deploy/.env.example');
});

it('would be read differently with a default within a default', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-compose-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const text = await readFile(COMPOSE_FILE, 'utf8');
  const endpoint = '${MINIO_PUBLIC_ENDPOINT:-http://127.0.0.1:9000}';
  expect(text).toContain(endpoint);
  const nested = '${MINIO_PUBLIC_ENDPOINT:-http://127.0.0.1:${MINIO_PORT:-9000}}';
  const file = join(folder, 'nested.yml');
  await writeFile(file, text.replace(endpoint, nested));
  const { api } = await readByPodman(file);
  expect(api!['MINIO_PUBLIC_ENDPOINT']).not.toBe('http://127.0.0.1:9000');
});

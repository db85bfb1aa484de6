import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import type { Stream, StreamPage } from '../../client/index.js';
import { renderSample } from '../../sample/render.js';
import { json } from '../support/api.js';
import type { TestStack } from '../support/stack.js';
import { seriousViolations } from './browser.js';
import { type PageSetup, usePageSetup } from './page-setup.js';

/** A stack with a worker for cameras, and the sample video as the file of a camera. */
export interface CameraSetup {
  /** URL of the file. */
  readonly file: () => string;
  /** Opens a view of the page. */
  open(hash: string, options?: Parameters<PageSetup['visit']>[0]): ReturnType<PageSetup['visit']>;
  /** Starts a scenario that repeats the file, and waits until it is in the list. */
  deploy(): Promise<string>;
  list(): Promise<readonly Stream[]>;
  remove(uuid: string): Promise<void>;
}

export function useCameraSetup(): CameraSetup {
  const cameras = { folder: '' };
  const path = () => join(cameras.folder, 'street.mp4');
  const file = () => pathToFileURL(path()).href;
  const prepare = ({ settings }: TestStack) =>
    renderSample({ path: path(), ffmpegPath: settings['VIDETTE_FFMPEG']! }); // set for each stack
  beforeAll(async () => {
    cameras.folder = await mkdtemp(join(tmpdir(), 'vidette-page-cameras-'));
  });
  const setup = usePageSetup({ prepare, cameras });
  const pages: Page[] = [];
  // A page that stays open continues to play the camera.
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
  });
  afterAll(() => rm(cameras.folder, { recursive: true, force: true }));
  const list = async () => (await json<StreamPage>(setup.api.at('/streams'))).streams;
  const isListed = async (uuid: string) =>
    (await list()).some(({ scenario_uuid }) => scenario_uuid === uuid);
  return {
    ...{ file, list },
    async open(hash, options) {
      const visited = await setup.visit(options);
      pages.push(visited.page);
      await visited.page.goto(`/${hash}`);
      return visited;
    },
    async deploy() {
      const scenario_uuid = randomUUID();
      const scenario = { scenario_uuid, camera_url: file(), loop: true };
      expect((await setup.api.post('/streams', scenario)).status).toBe(201);
      const waiting = { timeout: 60_000, interval: 200 };
      await vi.waitUntil(() => isListed(scenario_uuid), waiting);
      return scenario_uuid;
    },
    async remove(uuid) {
      const { status } = await setup.api.at(`/streams/${uuid}`, { method: 'DELETE' });
      expect(status).toBe(204);
    },
  };
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([]);
}

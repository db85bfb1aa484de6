import { describe, expect, it } from 'vitest';
import { expectState, nextRows, slowPoll, useWatchedCamera } from '../camera/watched-camera.js';

const watched = useWatchedCamera('h264');

describe('a watched camera', () => {
  it('is connected once more when its image is frozen, and is then a still source', async () => {
    const { camera, watch, stop } = watched;
    const attachment = await watch();
    await nextRows(attachment, 3);
    const start = performance.now();
    await camera.inject('still', 60_000);
    await slowPoll(async () => (await camera.stats()).sessions).toBe(2);
    expect(performance.now() - start).toBeLessThan(36_000);
    await expectState(attachment, 'live');
    await slowPoll(() => attachment.status().message).toContain('repeats one image');
    await stop(attachment);
    expect(await camera.stats()).toMatchObject({ sessions: 2, most_active: 1 });
  });
});

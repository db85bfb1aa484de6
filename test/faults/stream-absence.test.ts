import { describe, expect, it } from 'vitest';
import { expectState, nextRows, slowPoll, useWatchedCamera } from '../camera/watched-camera.js';

const watched = useWatchedCamera('h264');

describe('a watched camera', () => {
  it('is connected again when it is silent', async () => {
    const { camera, watch, stop } = watched;
    const attachment = await watch();
    await nextRows(attachment, 3);
    await camera.stall(7000);
    const start = performance.now();
    await expectState(attachment, 'silent');
    expect(performance.now() - start).toBeLessThan(6500);
    await expectState(attachment, 'live');
    await nextRows(attachment, 3);
    expect((await stop(attachment)).reasons).toContain('camera_silent');
    expect(await camera.stats()).toMatchObject({ most_active: 1 });
  });

  it('is connected again after an absence', async () => {
    const { camera, watch, stop } = watched;
    const attachment = await watch();
    await nextRows(attachment, 3);
    await camera.away(3000);
    const start = performance.now();
    await nextRows(attachment, 1);
    // A second until it is connected, and until its next keyframe.
    expect(performance.now() - start).toBeLessThan(3000);
    await nextRows(attachment, 3);
    expect((await stop(attachment)).reasons).toContain('camera_closed');
    expect(await camera.stats()).toMatchObject({ sessions: 2, most_active: 1 });
  });

  it('is not tried again soon with a rejected password', async () => {
    const { camera, watch, stop } = watched;
    const attachment = await watch('wrong');
    await expectState(attachment, 'refused');
    expect(attachment.status().message).not.toContain('wrong@');
    await slowPoll(async () => (await camera.stats()).sent.length).toBeGreaterThan(200);
    expect(await camera.stats()).toMatchObject({ refused: 2, sessions: 0 });
    expect((await stop(attachment)).reasons).toContain('camera_refused');
  });
});

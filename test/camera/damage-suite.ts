import { describe, expect, it } from 'vitest';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import { cameraPid, childrenOf } from '../support/camera-host.js';
import { nextRows, useWatchedCamera } from './watched-camera.js';

const HOUR_MS = 3_600_000;
const SUSPENDED_MS = 3500;

/** Defines the tests of a watched camera that stays connected while its video has faults. */
export function testDamage(codec: NalCodec): void {
  const watched = useWatchedCamera(codec);

  describe(`a watched camera that sends ${codec}`, () => {
    it('has every slot accounted for while packets are lost and its clock jumps', async () => {
      const { camera, watch, stop } = watched;
      const attachment = await watch();
      await nextRows(attachment, 3);
      await camera.inject('loss', 30);
      await camera.inject('jump', HOUR_MS);
      await nextRows(attachment, 4);
      await camera.inject('jump', -2 * HOUR_MS);
      await camera.inject('reset');
      await nextRows(attachment, 4);
      const { reasons } = await stop(attachment);
      expect(reasons.filter((reason) => reason.startsWith('camera_'))).toEqual([]);
      expect(await camera.stats()).toMatchObject({ sessions: 1 });
    });

    it('drops what is older than its limit when its decoder is slow', async () => {
      const { camera, watch, stop } = watched;
      const attachment = await watch();
      await nextRows(attachment, 3);
      const [decoder] = await childrenOf((await cameraPid())!, 'ffmpeg');
      process.kill(decoder!, 'SIGSTOP');
      setTimeout(() => process.kill(decoder!, 'SIGCONT'), SUSPENDED_MS);
      // Rows of frames from before may follow, but not six.
      await nextRows(attachment, 6);
      expect(attachment.status().lag_ms).toBeLessThan(1500);
      expect((await stop(attachment)).reasons).toContain('overload');
      expect(await camera.stats()).toMatchObject({ sessions: 1 });
    });
  });
}

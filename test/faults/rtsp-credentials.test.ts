import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CameraClip, makeCameraClip } from '../camera/camera-clip.js';
import { FAULT_CAMERA, startFaultCamera } from '../camera/fault-camera.js';
import { GSTREAMER } from '../camera/gstreamer.js';
import { nextItems } from '../camera/read-camera.js';
import { startListener } from '../support/listener.js';
import { createTestCameras } from '../support/rtsp-camera.js';
import { makeAuthority } from '../support/tls.js';

/** Without ":", after which gortsplib does not read a password that is sent by Basic. */
const CREDENTIALS = { username: 'admin', password: 'p@ss#w?rd%41' };
/** The user name and the password as people write them, without escapes but of the percent sign. */
const USERINFO = 'admin:p@ss#w?rd%2541';
const CASES = [FAULT_CAMERA, GSTREAMER].flatMap((kind) =>
  kind.auth.map((auth) => {
    const { name, missing } = kind;
    return { kind, auth, title: missing ? `${name} (skipped: ${missing})` : name };
  }),
);

const cameras = createTestCameras();
afterEach(cameras.closeAll);
let folder: string;
let clip: CameraClip;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-rtsp-'));
  clip = await makeCameraClip(folder, 'h264');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const withUser = (url: string, userinfo: string) => url.replace('://', `://${userinfo}@`);

describe.each(CASES)('$title with $auth', ({ kind, auth }) => {
  it.skipIf(kind.missing !== undefined)('is read with the right credentials alone', async () => {
    const server = await kind.start({ clip, credentials: CREDENTIALS, auth });
    cameras.onClose(server.close);
    const { units } = await cameras.open(withUser(server.url, USERINFO));
    await nextItems(units, 5);
    const failed = { code: 'STREAM_AUTH_FAILED' };
    await expect(cameras.open(server.url)).rejects.toMatchObject(failed);
    const wrong = cameras.open(withUser(server.url, 'admin:planted-password'));
    await expect(wrong).rejects.toMatchObject(failed);
    await expect(wrong).rejects.not.toThrow(/planted-password/);
  });
});

describe('a camera that rejects a password', () => {
  it('receives it once per connection', async () => {
    const server = await startFaultCamera({ clip, credentials: CREDENTIALS });
    cameras.onClose(server.close);
    const wrong = cameras.open(withUser(server.url, 'admin:wrong'));
    await expect(wrong).rejects.toMatchObject({ code: 'STREAM_AUTH_FAILED' });
    // The first request has no credentials.
    expect(await server.stats()).toMatchObject({ refused: 2, sessions: 0 });
  });
});

describe('a camera that redirects', () => {
  it('is not followed', async () => {
    const elsewhere = await startListener();
    cameras.onClose(() => elsewhere.close());
    const redirect = `rtsp://${elsewhere.address}/live`;
    const server = await startFaultCamera({ clip, redirect });
    cameras.onClose(server.close);
    const redirected = cameras.open(withUser(server.url, USERINFO));
    await expect(redirected).rejects.toMatchObject({ code: 'STREAM_REDIRECTED' });
    expect(elsewhere.visits()).toBe(0);
  });
});

describe('an rtsps camera', () => {
  it('is read if its certificate has the configured fingerprint', async () => {
    const { server: tls } = await makeAuthority(folder);
    const server = await startFaultCamera({ clip, tls, credentials: CREDENTIALS });
    cameras.onClose(server.close);
    const { fingerprint256 } = new X509Certificate(await readFile(tls.cert));
    const url = withUser(server.url, USERINFO);
    const { units } = await cameras.open(url, { fingerprint: fingerprint256 });
    await nextItems(units, 5);
    const failed = { code: 'STREAM_TLS' };
    await expect(cameras.open(url)).rejects.toMatchObject(failed);
    const other = cameras.open(url, { fingerprint: '0'.repeat(64) });
    await expect(other).rejects.toMatchObject(failed);
    expect(await server.stats()).toMatchObject({ refused: 1, sessions: 1 });
  });
});

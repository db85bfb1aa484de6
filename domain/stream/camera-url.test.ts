import { describe, expect, it } from 'vitest';
import { isSecret, parseCameraUrl, redactCameraUrl, withCredentials } from './camera-url.js';

describe('parseCameraUrl', () => {
  it('separates the credentials from the URL of requests', () => {
    expect(parseCameraUrl('rtsp://admin:secret@192.168.1.64:8554/cam/1?sub=0')).toEqual({
      protocol: 'rtsp',
      host: '192.168.1.64',
      port: 8554,
      shown: 'rtsp://192.168.1.64:8554',
      requestUrl: 'rtsp://192.168.1.64:8554/cam/1?sub=0',
      credentials: { username: 'admin', password: 'secret' },
    });
  });

  it.each([
    ['rtsp://cam', 'cam', 554, 'rtsp://cam/'],
    ['rtsps://cam/a', 'cam', 322, 'rtsps://cam/a'],
    ['RTSP://cam.lan:80/a?b=1', 'cam.lan', 80, 'rtsp://cam.lan:80/a?b=1'],
    ['rtsp://[::1]:8554/a', '::1', 8554, 'rtsp://[::1]:8554/a'],
    ['rtsp://2130706433/a', '127.0.0.1', 554, 'rtsp://127.0.0.1/a'],
    ['rtsp://cam/u@x:y/a%20b?c=#d', 'cam', 554, 'rtsp://cam/u@x:y/a%20b?c=#d'],
    ['rtsp://cam/größe', 'cam', 554, 'rtsp://cam/gr%C3%B6%C3%9Fe'],
    ['http://cam.lan?action=stream', 'cam.lan', 80, 'http://cam.lan/?action=stream'],
    ['http://cam.lan?path=/dev', 'cam.lan', 80, 'http://cam.lan/?path=/dev'],
    ['https://cam/x', 'cam', 443, 'https://cam/x'],
    ['file:///videos/a b.mp4', '', 0, 'file:///videos/a b.mp4'],
  ])('reads host, port and path of %s', (text, host, port, requestUrl) => {
    expect(parseCameraUrl(text)).toMatchObject({ host, port, requestUrl });
    expect(parseCameraUrl(text).credentials).toBeUndefined();
  });

  it.each([
    ['rtsp://user:secret@h/x', 'user', 'secret'],
    ['rtsp://user:p@ss#w:rd@h/x@2', 'user', 'p@ss#w:rd'],
    ['rtsp://user:a?b@h/x', 'user', 'a?b'],
    ['rtsp://user:p%40ss%2Fword@h', 'user', 'p@ss/word'],
    ['rtsp://user:50%@h/x', 'user', '50%'],
    ['RTSP://us%C3%A9r:pässwörd@h/x', 'usér', 'pässwörd'],
    ['http://user@h/x', 'user', ''],
    ['rtsp://:only@h/x', '', 'only'],
  ])('reads the credentials of %s', (text, username, password) => {
    expect(parseCameraUrl(text)).toMatchObject({ host: 'h', credentials: { username, password } });
  });

  it('prefers credentials that are given as fields', () => {
    const given = { username: 'x', password: 'a/b@c' };
    const url = parseCameraUrl('rtsp://u:p@cam/', given);
    expect(url).toMatchObject({ credentials: given, requestUrl: 'rtsp://cam/' });
    expect(parseCameraUrl('rtsp://cam/', given)).toMatchObject({ credentials: given });
  });

  it.each([
    ['', /must start with/],
    ['planted', /must start with/],
    ['ftp://user:planted@h/', /must start with one of rtsp:\/\/, rtsps/],
    ['rtsp://', /no valid host/],
    ['rtsp:///planted', /no valid host/],
    ['rtsp://user:planted@/x', /no valid host/],
    ['rtsp://user:planted@a b/x', /no valid host/],
    ['rtsp://user:pl/anted@h/planted', /no valid host/],
    ['rtsp://h:8x/planted', /no valid host/],
    ['rtsp://[::1/planted', /no valid host/],
    ['rtsp://[::g]/planted', /no valid host/],
    ['rtsp://h:0/planted', /port/],
    ['rtsp://h:65536/planted', /port/],
    ['file://planted/x', /three slashes/],
    ['rtsp://h/a planted', /space/],
    ['rtsp://h/a\r\nTEARDOWN planted', /control character/],
    ['rtsp://h/\ud800planted', /control character/],
    ['http://h?a\nplanted', /control character|no valid host/],
    ['rtsp://u%0d%0aX:planted@h/', /control character/],
    [`rtsp://u:planted@h/${'x'.repeat(2048)}`, /longer than 2048/],
  ])('rejects %j without repeating it', (text, problem) => {
    expect(() => parseCameraUrl(text)).toThrow(problem);
    expect(() => parseCameraUrl(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => parseCameraUrl(text)).not.toThrow(/planted|anted@/);
  });
});

describe('isSecret', () => {
  it.each([
    ['rtsp://10.0.0.7/live', false],
    ['file:///videos/a.mp4?x', false],
    ['rtsp://user@10.0.0.7/live', true],
    ['rtsp://:x@10.0.0.7/live', true],
    ['http://10.0.0.7/video?user=a', true],
    ['rtsp://10.0.0.7/user=admin_password=x_channel=1', true],
  ])('of %s is %s', (text, expected) => expect(isSecret(text)).toBe(expected));
});

describe('redactCameraUrl', () => {
  it.each([
    ['rtsp://user:sec@ret@10.0.0.7:8554/live?x=1', 'rtsp://10.0.0.7:8554'],
    ['http://[fd12::7]/x', 'http://[fd12::7]'],
    ['https://cam.lan/x', 'https://cam.lan'],
    ['file:///videos/a.mp4', 'file:///videos/a.mp4'],
  ])('shows the protocol and host of %s', (text, expected) => {
    expect(redactCameraUrl(text)).toBe(expected);
  });
});

describe('withCredentials', () => {
  const credentials = { username: 'us:er', password: 'p@ss#w/ör?d%20' };

  it.each(['rtsp://10.0.0.7:8554/live?x=1', 'rtsp://old:secret@10.0.0.7/live', 'http://[fd12::7]'])(
    'adds them to %s',
    (url) => {
      const parsed = parseCameraUrl(withCredentials(url, credentials));
      expect(parsed).toEqual({ ...parseCameraUrl(url), credentials });
    },
  );

  it('rejects them for a file', () => {
    expect(() => withCredentials('file:///a.mp4', credentials)).toThrow(/a file has no user name/);
  });
});

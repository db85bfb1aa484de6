import { describe, expect, it } from 'vitest';
import { checkedRedirect, checkedUrl, expectPublic } from './checked-url.js';

describe('checkedRedirect', () => {
  it.each([
    ['to a path', '/b', 'https://a.example/x', 'https://a.example/b'],
    ['to another host', 'https://b.example/y', 'https://a.example/x', 'https://b.example/y'],
    ['from http to https', 'https://a.example/', 'http://a.example/x', 'https://a.example/'],
  ])('%s is followed', (_, location, from, expected) => {
    expect(checkedRedirect(location, new URL(from)).href).toBe(expected);
  });

  it.each([
    ['from https to http', 'http://a.example/x', 'https://a.example/?token=secret'],
    ['to a file', 'file:///etc/passwd', 'http://a.example/'],
    ['with a password', '//u:secret@b.example/', 'https://a.example/'],
    ['to nothing', 'http://', 'https://a.example/'],
  ])('%s is refused', (_, location, from) => {
    let message = '';
    try {
      checkedRedirect(location, new URL(from));
    } catch (error) {
      expect(error).toMatchObject({ code: 'URL_FORBIDDEN' });
      message = String(error);
    }
    expect(message).not.toBe('');
    expect(message).not.toContain('secret');
  });
});

describe('checkedUrl', () => {
  it.each([
    'ftp://a.example/',
    'data:video/mp4,x',
    'rtsp://a.example/',
    'javascript:1',
    'a.mp4',
    '',
  ])('refuses %j', (text) => {
    expect(() => checkedUrl(text)).toThrow(expect.objectContaining({ code: 'URL_FORBIDDEN' }));
  });

  it.each([
    'rtsp://u:secret@camera.example/1',
    'rtsps://camera.example/',
    'rtmp://camera.example/',
  ])('explains how to detect a recording of the camera %j', (text) => {
    expect(() => checkedUrl(text)).toThrow(
      /not fetched.*streams deploy.*record the camera to a file/,
    );
    expect(() => checkedUrl(text)).not.toThrow('secret');
  });

  it('takes the schemes that are configured and no other', () => {
    expect(checkedUrl('https://a.example/', ['https']).protocol).toBe('https:');
    expect(() => checkedUrl('http://a.example/', ['https'])).toThrow('Use https.');
  });
});

describe('expectPublic', () => {
  it.each([
    'http://localhost:3000/hook',
    'http://a.localhost/',
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fd00::1]/',
    'http://[::7f00:1]/',
    'http://[::127.0.0.1]/',
  ])('refuses %s', (text) => {
    const refused = expect.objectContaining({ code: 'URL_FORBIDDEN' }) as Error;
    expect(() => expectPublic(new URL(text))).toThrow(refused);
  });

  it.each(['https://hooks.example/a', 'https://localhost.example/', 'http://[2001:4860::1]/'])(
    'leaves %s to the moment when it is asked',
    (text) => {
      expect(() => expectPublic(new URL(text))).not.toThrow();
    },
  );
});

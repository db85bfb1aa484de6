import { describe, expect, it } from 'vitest';
import { checkedRedirect, checkedUrl } from './checked-url.js';

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

  it('takes the schemes that are configured and no other', () => {
    expect(checkedUrl('https://a.example/', ['https']).protocol).toBe('https:');
    expect(() => checkedUrl('http://a.example/', ['https'])).toThrow('Use https.');
  });
});

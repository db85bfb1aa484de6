import { describe, expect, it } from 'vitest';
import { createAuthorize } from './authorization.js';

const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };
const createNonce = () => 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

function offer(algorithm: string): string {
  const realm = 'realm="http-auth@example.org", qop="auth, auth-int"';
  return `Digest ${realm}, algorithm=${algorithm}, nonce="${NONCE}", opaque="FQhe"`;
}

describe('Digest', () => {
  // The examples of RFC 7616, 3.9.1.
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers a challenge with qop by %s', (algorithm, response) => {
    const authorize = createAuthorize([offer(algorithm)], MUFASA, createNonce)!;
    const header = authorize('GET', '/dir/index.html');
    expect(header).toContain(`response="${response}"`);
    expect(header).toContain('username="Mufasa", realm="http-auth@example.org"');
    expect(header).toContain(`algorithm=${algorithm}, opaque="FQhe", nc=00000001`);
    expect(header).toContain('qop=auth');
  });

  it('counts the requests of a nonce', () => {
    const authorize = createAuthorize([offer('MD5')], MUFASA)!;
    const [first, second] = [authorize('PLAY', 'rtsp://cam/'), authorize('PLAY', 'rtsp://cam/')];
    expect(first).toContain('nc=00000001');
    expect(second).toContain('nc=00000002');
    expect(/cnonce="[^"]+"/.exec(first)).not.toEqual(/cnonce="[^"]+"/.exec(second));
  });

  // RFC 2069, 2.4, with the corrected response.
  it('answers a challenge without qop', () => {
    const challenge =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5cc"';
    const credentials = { username: 'Mufasa', password: 'CircleOfLife' };
    const header = createAuthorize([challenge], credentials)!('GET', '/dir/index.html');
    expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(header).not.toMatch(/nc=|qop=|algorithm=/);
  });

  // The response was computed with hashlib of Python.
  it('quotes user name and realm, and hashes them as UTF-8', () => {
    const challenge = String.raw`digest REALM="IP \"Camera\" \\1" , nonce=n, stale=FALSE`;
    const header = createAuthorize([challenge], { username: 'ü"s', password: 'p:w' })!;
    expect(header('DESCRIBE', 'rtsp://cam/a')).toBe(
      String.raw`Digest username="ü\"s", realm="IP \"Camera\" \\1", nonce="n", ` +
        'uri="rtsp://cam/a", response="9b30426118fdc6b4b8af2b49879583c7"',
    );
  });
});

describe('the offers of a server', () => {
  const basic = 'Basic realm="cam"';
  const start = (...offers: readonly string[]) =>
    createAuthorize(offers, MUFASA)?.('DESCRIBE', 'rtsp://cam/').split(' ')[0];

  it.each([
    ['SHA-256 before MD5', [offer('MD5'), offer('SHA-256')], 'algorithm=SHA-256'],
    ['Digest before Basic', [basic, offer('MD5')], 'Digest'],
    ['Digest in one header with Basic', [`${basic}, ${offer('MD5')}`], 'Digest'],
    ['MD5 beside an unknown algorithm', [offer('SHA-512-256'), offer('md5')], 'Digest'],
    ['Basic', [basic], 'Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl'],
    ['Basic beside an unknown algorithm', [offer('MD5-sess'), basic], 'Basic'],
  ])('are answered by %s', (_, offers, expected) => {
    expect(createAuthorize(offers, MUFASA)!('DESCRIBE', 'rtsp://cam/')).toContain(expected);
  });

  it.each([[[]], [['']], [['Negotiate abc==']], [[offer('SHA-512-256')]], [['"'.repeat(5000)]]])(
    'are rejected if none is known: %j',
    (offers) => {
      expect(start(...offers)).toBeUndefined();
    },
  );

  it('are not repeated beyond 2,048 characters', () => {
    const long = `Digest nonce="n", realm="${'a'.repeat(60_000)}"`;
    const header = createAuthorize([long], MUFASA)!('DESCRIBE', 'rtsp://cam/');
    expect(header.length).toBeLessThan(3000);
  });

  it('are read in bounded time', () => {
    const hostile = ['a'.repeat(65_536), 'a="\\'.repeat(16_000), 'a ='.repeat(20_000)];
    const begin = performance.now();
    for (const text of hostile) start(text);
    expect(performance.now() - begin).toBeLessThan(3000);
  });
});

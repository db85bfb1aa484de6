import { describe, expect, it } from 'vitest';
import { createIsCameraDenied } from './camera-addresses.js';

describe('the default networks of cameras', () => {
  const isDenied = createIsCameraDenied({});

  it.each([
    '10.1.2.3',
    '172.16.0.9',
    '192.168.1.64',
    '100.64.0.1',
    '::ffff:192.168.1.64',
    'fd12:3456::1',
  ])('contain %s', (address) => {
    expect(isDenied(address)).toBe(false);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['compatible loopback', '::7f00:1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '0.1.2.3'],
    ['unspecified', '::'],
    ['link-local', '169.254.7.7'],
    ['mapped link-local', '::ffff:169.254.7.7'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%lo'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['translated', '64:ff9b::7f00:1'],
    ['tunnelled', '2002:7f00:1::'],
  ])('do not contain the %s address %s', (_, address) => {
    expect(isDenied(address)).toBe(true);
  });
});

describe('configured networks of cameras', () => {
  const isDenied = createIsCameraDenied({ cameraNetworks: ['127.0.0.0/8', '192.168.7.0/24'] });

  it.each(['127.0.0.1', '192.168.7.20', '::ffff:192.168.7.20'])('contain %s', (address) => {
    expect(isDenied(address)).toBe(false);
  });

  it.each(['192.168.8.1', '10.0.0.1', '::1'])('do not contain %s', (address) => {
    expect(isDenied(address)).toBe(true);
  });

  it('never contain link-local and denied addresses', () => {
    const cameraNetworks = ['0.0.0.0/0', '::/0'];
    const isDenied = createIsCameraDenied({ cameraNetworks, deniedAddresses: ['10.0.0.5'] });
    const addresses = ['10.0.0.5', '::ffff:10.0.0.5', '169.254.7.7', 'fe80::1', '224.0.0.1', '::'];
    expect(addresses.filter((address) => !isDenied(address))).toEqual([]);
    expect(isDenied('10.0.0.6')).toBe(false);
  });
});

it('leaves names to the moment when they are resolved', () => {
  expect(createIsCameraDenied({})('camera.example')).toBe(false);
});

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { AppError } from '../errors.js';

/** Pattern of VIDETTE_CAMERA_KEY: 32 bytes in base64. */
export const CAMERA_KEY = /^[A-Za-z0-9+/]{43}=$/;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Returns a new key for VIDETTE_CAMERA_KEY. */
export function createCameraKey(): string {
  return randomBytes(32).toString('base64');
}

/**
 * Seals the URL of a camera with AES-256-GCM: base64 of nonce, ciphertext and tag. The id of the
 * camera is authenticated, so that a sealed URL is of no use under another id.
 */
export function sealCameraUrl(key: string, cameraId: string, url: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(key, 'base64'), nonce);
  cipher.setAAD(Buffer.from(cameraId));
  const parts = [nonce, cipher.update(url, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(parts).toString('base64');
}

/** Returns the URL of a camera. @throws AppError `CAMERA_UNREADABLE`, without secrets. */
export function unsealCameraUrl(key: string, cameraId: string, sealed: string): string {
  const data = Buffer.from(sealed, 'base64');
  const end = Math.max(NONCE_BYTES, data.length - TAG_BYTES);
  try {
    const nonce = data.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, Buffer.from(key, 'base64'), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(cameraId)).setAuthTag(data.subarray(end));
    const text = [decipher.update(data.subarray(NONCE_BYTES, end)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    throw new AppError(
      'CAMERA_UNREADABLE',
      `The URL of the camera ${cameraId} was sealed with another VIDETTE_CAMERA_KEY than that of ` +
        'this process, or was changed. Give all processes the same key, or add the camera again.',
      { camera_id: cameraId },
    );
  }
}

/** Token of requests to the internal servers of stream workers, which share the key. */
export function internalTokenOf(key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update('stream worker').digest('hex');
}

/**
 * Returns the camera_id for the URL with which a scenario is deployed: the same for the same URL. The
 * hash needs the key, so that it does not help to guess a password.
 */
export function deployedCameraId(key: string, scenarioUuid: string, url: string): string {
  const hash = createHmac('sha256', Buffer.from(key, 'base64')).update(`camera ${url}`);
  return `${scenarioUuid}-${hash.digest('hex').slice(0, 12)}`;
}

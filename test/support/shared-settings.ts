/** Model that detects objects; the default of the shared stack is `mock`. */
export const REAL_MODEL = 'yolox_nano';
/** Signs webhooks of the shared stack. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
/** URL of the page in the details of jobs of the shared stack. */
export const PAGE_URL = 'https://vidette.example';
/** Loopback address that the shared stack must not connect to; it may connect to all others. */
export const DENIED_ADDRESS = '127.0.0.2';
/** Largest number of frames of a video of the shared stack. */
export const MAX_FRAMES = 20_000;
/** Classes of the classifier `keras` on the shared stack. */
export const LABELS = ['цветок', 'дерево', '草'];

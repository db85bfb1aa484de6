import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import { detailOf, formOf, MOCK_OBJECTS, startImageApi, problem } from '../support/image-api.js';

const api = startImageApi();
const { post } = api;

describe('POST /detect', () => {
  const frame = { event_id: 'image-objects', frame_id: 35, bucket: 'frames' };

  it('accepts an upload, and a URL whatever its file name', async () => {
    const upload = await post('/detect', formOf({}, api.png));
    expect(upload.body).toMatchObject({
      ...{ event_id: null, frame_id: 0, bucket: null },
      prediction: { frame: 0, objects: MOCK_OBJECTS },
    });
    const address = await post('/detect', { url: api.urlOf('/image.txt') });
    expect(address.body.prediction).toEqual({ frame: 0, objects: MOCK_OBJECTS });
  });

  it('accepts a frame in base64 and one in the object store', async () => {
    const data = await post('/detect', { ...frame, frame_data: api.png.toString('base64') });
    const prediction = { frame: 35, objects: MOCK_OBJECTS };
    expect(data.body).toMatchObject({ ...frame, prediction });
    await api.stack.objects.put(BUCKETS.frames, keys.frame('image-objects', 35), api.png);
    const stored = await post('/detect', { ...frame, frame_path: keys.frame('image-objects', 35) });
    expect(stored.body).toMatchObject({ ...frame, prediction });
  });

  it('names the frame that is invalid or missing', async () => {
    const bad = await post('/detect', { ...frame, frame_data: 'bm8gcGljdHVyZQ==' });
    expect(bad).toMatchObject(problem(422, 'bad-image'));
    expect(detailOf(bad)).toContain('Frame 35 of event image-objects');
    const half = api.png.subarray(0, 150).toString('base64');
    const damaged = await post('/detect', { ...frame, frame_data: half });
    expect(damaged).toMatchObject(problem(422, 'bad-image'));
    expect(detailOf(damaged)).toContain('Frame 35 of event image-objects');
    const lost = await post('/detect', { ...frame, frame_path: 'frames/image-objects/40.jpg' });
    expect(lost).toMatchObject(problem(404, 'not-found'));
  });

  it.each([
    [{}, 'expected one of file, url, frame_data, frame_path, received none'],
    [{ url: 'http://a/b', frame_data: 'aa' }, 'received url and frame_data'],
    [{ frame_data: 'aa' }, 'a frame requires event_id and frame_id'],
    [{ ...frame, bucket: 'models', frame_path: 'a' }, 'must be a key of the bucket "frames"'],
  ])('reports the error in %j', async (body, text) => {
    const answer = await post('/detect', body);
    expect(answer).toMatchObject(problem(400, 'invalid-request'));
    expect(detailOf(answer)).toContain(text);
  });

  it('rejects a classifier', async () => {
    const answer = await post('/detect?model=keras', formOf({}, api.png));
    expect(answer).toMatchObject(problem(400, 'invalid-input'));
  });
});

describe('POST /process', () => {
  const sizeOf = async (base64: string) => {
    const { width, height, format } = await sharp(Buffer.from(base64, 'base64')).metadata();
    return `${format} ${width}x${height}`;
  };

  it.each([
    ['crop', ['png 78x58']],
    ['blur', ['png 128x96']],
    ['both', ['png 78x58', 'png 128x96']],
  ])('returns images of mode %s: %j', async (mode, sizes) => {
    for (const body of [formOf({ mode }, api.png), { url: api.urlOf('/image.txt'), mode }]) {
      const { status, body: answer } = await post('/process', body);
      expect(status).toBe(200);
      expect(await Promise.all((answer.result as string[]).map(sizeOf))).toEqual(sizes);
    }
  });

  it('returns the bare image to a client that accepts images, but never two', async () => {
    const send = (mode: string) =>
      fetch(`${api.url}/process?model=masks`, {
        method: 'POST',
        body: formOf({ mode }, api.png),
        headers: { accept: 'image/*' },
      });
    const bare = await send('blur');
    expect(bare.headers.get('content-type')).toBe('image/png');
    const { width } = await sharp(Buffer.from(await bare.arrayBuffer())).metadata();
    expect(width).toBe(128);
    const both = await send('both');
    expect(both.status).toBe(406);
    expect(await both.text()).toContain('Accept: application/json');
  });

  it('names the three modes, and the error of a URL or an image', async () => {
    const spin = await post('/process', formOf({ mode: 'spin' }, api.png));
    expect(spin).toMatchObject(problem(400, 'invalid-request'));
    expect(detailOf(spin)).toContain('crop, blur, both');
    for (const path of ['/page.png', '/nothing']) {
      const answer = await post('/process', { url: api.urlOf(path), mode: 'crop' });
      expect(answer.status).toBe(400);
    }
    const nothing = await post('/process?conf=0.95', formOf({ mode: 'crop' }, api.png));
    expect(nothing).toMatchObject({ status: 422, body: { error: 'object not found' } });
  });
});

import { afterEach, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';

let api: ListeningApi;
afterEach(() => api.server.close());

const FORM = 'multipart/form-data';
const FIELD = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';

it.each([
  ['of another kind', 'text/plain', 'a', 415],
  ['without a boundary', FORM, FIELD, 415],
  ['with a boundary that is too long', `${FORM}; boundary=${'b'.repeat(300)}`, FIELD, 415],
  ['that ends within a part', `${FORM}; boundary=b`, FIELD, 400],
  ['that ends before its first part', `${FORM}; boundary=b`, '--b\r\n0.0--b--\r\n', 400],
  ['that is whole', `${FORM}; boundary=b`, `${FIELD}--b--\r\n`, 200],
])('answers a form %s', async (_, type, body, status) => {
  api = await listen({}, [], (server) => {
    server.addContentTypeParser('text/plain', (_request, payload, done) => done(null, payload));
    server.post('/own/form', async (request) => {
      let parts = 0;
      for await (const _part of request.parts()) parts++;
      return { parts };
    });
  });
  const answer = await api.ask('/own/form', {
    ...{ method: 'POST', body },
    headers: { 'content-type': type },
  });
  expect(answer.status).toBe(status);
  expect(api.log().filter(({ level }) => level === 50)).toEqual([]);
});

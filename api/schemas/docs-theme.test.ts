import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../../platform/package-root.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { COLOURS, ICON } from './docs-theme.js';

const read = (path: string) => readFileSync(projectFile(path), 'utf8');

let api: ListeningApi;
beforeAll(async () => {
  api = await listen({});
});
afterAll(() => api.server.close());

describe('the documentation page', () => {
  it.each(Object.entries(COLOURS))('has the %s colours of the page', (theme, colours) => {
    const block = read('web/styles/base.css').split(`[data-bs-theme='${theme}'] {`)[1]!;
    const [properties = ''] = block.split('}');
    for (const [name, value] of Object.entries(colours)) {
      expect(properties).toContain(`${name}: ${value};`);
    }
  });

  it('has the icon of the page', () => {
    expect(ICON).toBe(read('web/icon.svg'));
  });

  it('loads its own styles, script and icon, and no logo of another project', async () => {
    const page = await api.ask('/docs');
    const files = [...page.body.matchAll(/(?:href|src)="([^"]*\/theme\/[^"]+)"/g)].map(
      ([, path]) => path!,
    );
    expect(files).toHaveLength(3);
    expect(page.body).toContain('<title>API · Vidette</title>');
    for (const path of files) expect((await api.ask(path)).status).toBe(200);
    const { body } = await api.ask('/docs/static/swagger-initializer.js');
    const logos = [...body.matchAll(/data:image\/[^'"]+/g)].map(([logo]) => logo);
    expect(logos).toEqual([`data:image/svg+xml;base64,${Buffer.from(ICON).toString('base64')}`]);
  });
});

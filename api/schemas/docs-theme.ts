import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui';

/** Icon of the page, as in `web/icon.svg`. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="7" fill="#0f766e" />
  <path
    d="M8 13V8h5M19 8h5v5M24 19v5h-5M13 24H8v-5"
    fill="none"
    stroke="#fff"
    stroke-width="2.5"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
  <path d="M13.5 11.8v8.4l7-4.2z" fill="#5eead4" />
</svg>
`;

/** Colours of the page, as in `web/styles/base.css`. */
export const COLOURS = {
  light: {
    '--accent': '#0f766e',
    '--surface': '#ffffff',
    '--bs-body-bg': '#f5f7f7',
    '--bs-body-color': '#14211f',
    '--bs-secondary-color': '#51605d',
    '--bs-border-color': '#d7dedc',
  },
  dark: {
    '--accent': '#2dd4bf',
    '--surface': '#141c1b',
    '--bs-body-bg': '#0c1211',
    '--bs-body-color': '#e3ebe9',
    '--bs-secondary-color': '#9fb0ac',
    '--bs-border-color': '#2a3735',
  },
} as const;

const propertiesOf = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours)
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ');

/** `html:root` has the weight of the rules of Swagger UI for its dark theme. */
const CSS = `
html { ${propertiesOf(COLOURS.light)} }
html.dark-mode { ${propertiesOf(COLOURS.dark)} }
html:root, html:root body, html:root .swagger-ui { background: var(--bs-body-bg); color: var(--bs-body-color); }
.docs-header {
  position: sticky; top: 0; z-index: 5; box-sizing: border-box; min-height: 3.5rem; padding: 0 1.25rem;
  display: flex; align-items: center; gap: 1.5rem; font-family: system-ui, sans-serif;
  background: var(--surface); border-bottom: 1px solid var(--bs-border-color);
}
.docs-header a { color: inherit; text-decoration: none; }
.docs-header a:hover { color: var(--accent); }
.docs-header .brand { display: flex; align-items: center; gap: 0.6rem; font-size: 1.1rem; font-weight: 700; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
html:root .swagger-ui :is(.info .title, .info p, .info a, .opblock-tag, .opblock-tag small, .btn, p, label,
  .opblock-summary-description, .opblock-summary-method, .parameter__name, .tab li, th, td, h4, h5) {
  font-family: system-ui, sans-serif;
}
html:root .swagger-ui :is(.info .title, .info p, .opblock-tag, .opblock-tag small) {
  color: var(--bs-body-color);
}
html:root .swagger-ui .info { margin: 2rem 0 1rem; }
html:root .swagger-ui .info .main > a { display: none; }
html:root .swagger-ui .info a { color: var(--accent); }
html:root .swagger-ui .scheme-container {
  background: var(--surface); border: solid var(--bs-border-color); border-width: 1px 0;
  box-shadow: none; padding: 1rem 0; margin: 0 0 1rem;
}
html:root .swagger-ui .opblock-tag { border-bottom-color: var(--bs-border-color); }
html:root .swagger-ui :is(.scheme-container, .auth-btn-wrapper) .btn.authorize { border-color: var(--accent); color: var(--accent); border-radius: 0.6rem; }
html:root .swagger-ui .scheme-container .btn.authorize svg { color: var(--accent); fill: var(--accent); }
html:root .swagger-ui .dialog-ux .modal-ux { background: var(--surface); border: 1px solid var(--bs-border-color); }
html:root .swagger-ui .btn.execute {
  background: var(--accent); border-color: var(--accent); color: var(--surface);
}
html:root .swagger-ui .opblock { border-radius: 0.6rem; box-shadow: none; }
@media (max-width: 640px) {
  .swagger-ui .opblock .opblock-summary-control { flex-wrap: wrap; }
  .swagger-ui .opblock-summary-path-description-wrapper { flex: 1 0 100%; padding: 0.3rem 0; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; }
}
`;

/** Draws the header and follows the light or dark theme of the operating system. */
const SCRIPT = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const apply = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', apply);
apply();
const link = (href, text) => Object.assign(document.createElement('a'), { href, textContent: text });
const header = Object.assign(document.createElement('header'), { className: 'docs-header' });
const brand = Object.assign(link('/', 'Vidette'), { className: 'brand' });
const icon = new Image(28, 28);
icon.alt = '';
icon.src = document.querySelector('link[rel=icon]').href;
brand.prepend(icon);
header.append(brand, link('/openapi.json', 'openapi.json'));
document.body.prepend(header);
`;

/** Look of `/docs`: that of the page, without the bar of Swagger UI. */
export const DOCS_LOOK = {
  uiConfig: { layout: 'BaseLayout', defaultModelsExpandDepth: 0, tryItOutEnabled: false },
  logo: { type: 'image/svg+xml', content: ICON },
  theme: {
    title: 'API · Vidette',
    css: [{ filename: 'vidette.css', content: CSS }],
    js: [{ filename: 'vidette.js', content: SCRIPT }],
    favicon: [
      { filename: 'icon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: ICON },
    ],
  },
} satisfies FastifySwaggerUiOptions;

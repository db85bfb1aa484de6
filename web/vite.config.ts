import { defineConfig } from 'vite';

/** The page's build: files with a hash in their names, nothing inlined, so that its CSP is strict. */
export default defineConfig({
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  clearScreen: false,
});

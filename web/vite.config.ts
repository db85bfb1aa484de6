import { defineConfig } from 'vite';

/** Build of the page: hashed file names and no inlined assets, as its strict CSP requires. */
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

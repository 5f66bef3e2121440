import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The live page: built once, served from dist/, nothing fetched from elsewhere. */
export default defineConfig({
  root: fileURLToPath(new URL('src/page/web', import.meta.url)),
  base: './',
  build: {
    outDir: fileURLToPath(new URL('dist/page/web', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 700, // three, loaded only for solid worlds
  },
});

import { defineConfig } from 'vitest/config';
import { compressed } from './build/compressed';
import { firstLoadBelow } from './build/first_load';

const kFirstLoadBytes = 60_000;

export default defineConfig({
  plugins: [firstLoadBelow(kFirstLoadBytes), compressed()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    outDir: process.env['TRAILSIFT_WEB_DIST'] ?? 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': process.env['TRAILSIFT_URL'] ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'] },
});

import { defineConfig } from 'vitest/config';

/** `vitest run` is the suite; `vitest run --mode long` is what takes minutes. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === 'long' ? 'test/**/*.long.ts' : 'test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: mode === 'long' ? 1_800_000 : 120_000,
    hookTimeout: mode === 'long' ? 600_000 : 120_000,
    teardownTimeout: 10_000,
  },
}));

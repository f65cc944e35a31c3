/**
 * Unit tests: no VS Code, no browser. Two minutes are for a test that hangs, not for a slow machine. A worker for each core,
 * where Vitest keeps one free: some files wait for other programs most of their time.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}', 'test/published/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: '100%',
  },
});

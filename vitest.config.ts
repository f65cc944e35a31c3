/** Unit tests: no VS Code, no browser. Two minutes are for a test that hangs, not for a slow machine. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/unit/**/*.test.{ts,tsx}', 'test/published/*.test.ts'], testTimeout: 120_000 },
});

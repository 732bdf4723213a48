import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"],
    globalSetup: ["test/support/servers-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

import { defineConfig } from "vitest/config";

/** Kills, overload and frozen processes: what they hold to time must have the machine to itself. */
const alone = ["test/faults/**/*.test.ts", "test/e2e/embedded-kills.test.ts", "test/suites/jobs.test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/support/servers-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "beside",
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: "alone", include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});

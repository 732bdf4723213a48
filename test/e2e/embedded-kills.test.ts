import { expect, test } from "vitest";
import { temporaryFolder } from "../support/repositories.ts";
import { killEmbedded } from "../faults/kill-embedded.ts";

/** Fault F5; `node test/faults/embedded-kills.ts` does the same at length. */
test("kill -9 while opening, migrating, writing, copying: it opens again and nothing acknowledged is lost", async () => {
  const report = await killEmbedded(temporaryFolder(), 12, Math.random);
  expect(report).toMatchObject({ kills: 12, lost: [], torn: 0, broken: [] });
  expect(report.acknowledged).toBeGreaterThan(50);
  expect(report.slowestOpenMs).toBeLessThan(15_000);
}, 120_000);

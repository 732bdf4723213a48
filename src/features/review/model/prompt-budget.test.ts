import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createMeasuredGateway, type MeasuredPrompt } from "../../../../test/support/measured-gateway.ts";
import { canary, nameCanary, randomChange } from "../../../../test/support/random-change.ts";
import { readPromptBlocks } from "../../../../test/support/prompt-blocks.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { reviewWithModel } from "./review-with-model.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-prompt-budget-"));
const scanner = createThreads(1);
const services = createServices(folder, scanner, { "llm.cache_age": "0" });
afterAll(async () => {
  services.cache.close();
  await scanner.close();
  rmSync(folder, { recursive: true, force: true });
});

const windows = fc.oneof(
  fc.constant(2_048),
  fc.constantFrom(1_024, 4_096, 8_192, 32_768),
  fc.integer({ min: 1_024, max: 200_000 }),
);
const words = fc.oneof(
  fc.constant(null),
  fc.string({ maxLength: 300, unit: "binary" }),
  fc.constantFrom(`漢\`\`\`\n`.repeat(3_000), "`".repeat(9_000)),
);

/** Says of some line of each block that it is wrong. */
function answer({ user }: MeasuredPrompt): unknown {
  const lines = [...user.matchAll(/^\s*(\d+) \+ (.*)$/gm)].slice(0, 4);
  const path = /^File (.*) \(modified/m.exec(user)?.[1] ?? "";
  return {
    findings: lines.map(([, line, quote]) => ({
      path,
      line: Number(line),
      quote,
      message: `\`\`\`\n${quote}`,
      why: quote,
    })),
    isReal: true,
    confidence: "high",
    summary: user.slice(0, 500),
    files: [],
  };
}

/** By the first words of what is asked. */
const mostTokens = [
  ["You review", 10_000],
  ["Another reviewer", 4_000],
  ["You describe", 6_000],
] as const;

test("no prompt is above its budget, and nothing shown gets out of its fence", async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(randomChange, windows, words, words, async (change, window, body, instructions) => {
      const { gateway, prompts } = createMeasuredGateway(window, answer);
      const { findings, part } = await reviewWithModel(
        {
          change,
          findings: [],
          title: body,
          body,
          instructions: instructions ?? "",
          maxFindings: 3,
          openIndex: null,
          model: undefined,
          jobId: null,
          onProgress() {},
          signal: new AbortController().signal,
        },
        { ...services, models: async () => gateway },
      );
      asked += prompts.length;
      expect(window < 2_048 ? ["done", "failed"] : ["done"], part.message ?? "").toContain(part.state);
      expect(prompts.length).toBeLessThanOrEqual(8 + 9 + 1);
      for (const { neededTokens, promptTokens, system, user } of prompts) {
        expect(neededTokens).toBeLessThanOrEqual(window);
        const [, most] = mostTokens.find(([words]) => system.startsWith(words))!;
        expect(promptTokens).toBeLessThanOrEqual(most);
        const { outside, isClosed } = readPromptBlocks(user);
        expect(isClosed).toBe(true);
        expect(outside.filter((line) => line.includes(canary))).toEqual([]);
        expect(
          outside.filter((line) => line.includes(nameCanary) && !/^File .* \(modified/.test(line)),
        ).toEqual([]);
      }
      for (const { path, line, endLine } of findings)
        expect(change.file(path)!.isAdded(line, endLine)).toBe(true);
    }),
    { numRuns: 300, endOnFailure: true },
  );
  expect(asked).toBeGreaterThan(600);
}, 3_000_000);

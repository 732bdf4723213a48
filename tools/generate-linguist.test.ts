import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generateLinguist } from "./generate-linguist.ts";

it("has written the committed language data", async () => {
  for (const { path, content } of await generateLinguist()) {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), "utf8") === content).toBe(true);
  }
});

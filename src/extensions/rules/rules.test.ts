import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { changeFromExample } from "../../../test/support/change-example.ts";
import { createRuleRunner } from "../../core/review/run-rules.ts";
import { languages } from "../languages/registry.generated.ts";
import { rules } from "./registry.generated.ts";

/** Every rule proves itself on its own examples, which the manual shows. */
const runner = createRuleRunner(rules, languages);
const { signal } = new AbortController();

it("sees the rules, under the names of their files", () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^[a-z0-9-]+\.ts$/.test(name));
  expect(rules.map(({ id }) => id)).toEqual(files.map((name) => basename(name, ".ts")).sort());
  expect(rules.length).toBeGreaterThan(30);
});

describe.each(rules)("$id", (rule) => {
  it("is written for people", () => {
    const texts = [rule.title, rule.message, rule.why, rule.docs];
    for (const text of texts) expect(text).toMatch(/^\S.{5,}\S$/);
    expect(rule.title).not.toMatch(/[.!]$/);
    for (const text of [rule.message, rule.why, rule.docs]) expect(text).toMatch(/[.)]$/);
  });

  it("names languages that exist", () => {
    if (rule.kind !== "syntax") return;
    const ids = new Set<string>(languages.map(({ id }) => id));
    for (const query of rule.queries) for (const language of query.languages) expect(ids).toContain(language);
  });

  it.each(rule.examples.bad.map((example, index) => ({ index, example })))(
    "speaks about bad example $index",
    async ({ example }) => {
      const { findings, notes } = await runner.run(changeFromExample(example), signal, {
        isOn: (id) => id === rule.id,
      });
      expect(notes).toEqual([]);
      expect(findings.length, JSON.stringify(example)).toBeGreaterThan(0);
      for (const finding of findings) {
        expect(finding.message).not.toMatch(/undefined|\[object/);
        expect(finding.line).toBeLessThanOrEqual(finding.endLine);
      }
    },
  );

  it.each(rule.examples.good.map((example, index) => ({ index, example })))(
    "is silent about good example $index",
    async ({ example }) => {
      const { findings, notes } = await runner.run(changeFromExample(example), signal, {
        isOn: (id) => id === rule.id,
      });
      expect(notes).toEqual([]);
      expect(findings).toEqual([]);
    },
  );
});

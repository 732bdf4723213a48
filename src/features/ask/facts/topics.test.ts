import { describe, expect, test } from "vitest";
import { handMadeAnalysis } from "../../../../test/support/hand-made-analysis.ts";
import { analysisSchema } from "../../../contracts/analysis.ts";
import { answerFromFacts } from "./answer-from-facts.ts";
import { readQuestion } from "./question.ts";
import { factTopics } from "./topics.ts";

const analysis = handMadeAnalysis;

test("the report that they are asked about is one", () => {
  expect(analysisSchema.safeParse(analysis).error).toBeUndefined();
});

test("no two topics have the same id, and each has examples of both kinds", () => {
  expect(new Set(factTopics.map((topic) => topic.id)).size).toBe(factTopics.length);
  for (const { examples } of factTopics) {
    expect(examples.answered.length).toBeGreaterThanOrEqual(3);
    expect(examples.left.length).toBeGreaterThanOrEqual(3);
  }
});

describe.each(factTopics.map((topic) => [topic.id, topic] as const))("%s", (id, topic) => {
  test.each(topic.examples.answered)("answers %s", (asked) => {
    const answer = answerFromFacts(asked, analysis);
    expect(answer?.topic).toBe(id);
    expect(answer!.statement).toMatch(/^\S.*[.]$/);
    expect(answer!.statement).not.toMatch(/undefined|NaN|null|\[object|  |\.\./);
    for (const place of answer!.evidence) {
      expect(place.path).not.toBe("");
      expect(place.note).not.toBe("");
      expect((place.endLine ?? 1) - (place.startLine ?? 1)).toBeGreaterThanOrEqual(0);
    }
  });

  test("is the only one that answers its questions", () => {
    for (const asked of topic.examples.answered) {
      const question = readQuestion(asked, analysis.repository.name)!;
      const answering = factTopics.filter((other) => other.find(question, analysis) !== null);
      expect([asked, answering.map((other) => other.id)]).toEqual([asked, [id]]);
    }
  });

  test.each(topic.examples.left)("leaves %s", (asked) => {
    expect(answerFromFacts(asked, analysis)).toBeNull();
  });
});

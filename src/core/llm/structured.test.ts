import { expect, test } from "vitest";
import { z } from "zod";
import { createAnswerForm } from "./structured.ts";

const form = createAnswerForm(z.object({ name: z.string(), items: z.array(z.number()).default([]) }));

test.each([
  '{"name":"a","items":[1]}',
  '```json\n{"name":"a","items":[1]}\n```',
  'Here you are:\n{"name":"a","items":[1]}\nAnything else?',
])("JSON is found in %j", (text) => {
  expect(form.parse(text)).toEqual({ object: { name: "a", items: [1] } });
});

test("what does not fit says where", () => {
  expect(form.parse("no")).toEqual({ problem: "it is not valid JSON" });
  expect(form.parse('{"name":1}')).toEqual({ problem: expect.stringMatching(/^name: /) as string });
  expect(form.repair("name: bad")).toContain("name: bad");
});

test("the model sees the schema of what it may write", () => {
  expect(form.jsonSchema).toMatchObject({ type: "object", required: ["name"] });
  expect(form.instruction).toContain('"required":["name"]');
});

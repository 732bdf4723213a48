import { expect } from "vitest";
import { z } from "zod";
import type { Answer } from "./serving.ts";

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Content>> }>>>
  >;
  readonly components: { readonly schemas: object };
}

/** Holds answers to what /openapi.json promises: the status, the content type, and the shape. */
export function createAnswerCheck(
  text: string,
): (method: string, path: string, answer: Pick<Answer, "status" | "headers" | "text">) => void {
  const document = JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")) as Document;
  return (method, path, answer) => {
    const operation = document.paths[path]?.[method.toLowerCase()];
    expect(operation, `${method} ${path} is in the document`).toBeDefined();
    const where = `${method} ${path} ${answer.status}`;
    const response = operation!.responses[String(answer.status)];
    expect(response, `${where} is in the document, as ${answer.text}`).toBeDefined();
    const type = answer.headers.get("content-type")?.split(";")[0];
    if (type === undefined) {
      expect(response!.content, where).toBeUndefined();
      expect(answer.text, where).toBe("");
      return;
    }
    const content = response!.content?.[type];
    expect(content, `${where} of type ${type}`).toBeDefined();
    const schema = z.fromJSONSchema({ $defs: document.components.schemas, ...content!.schema } as never);
    const value: unknown = /json/.test(type) ? JSON.parse(answer.text) : answer.text;
    const checked = schema.safeParse(value);
    expect(
      checked.success ? "" : z.prettifyError(checked.error),
      `${where}: ${answer.text.slice(0, 500)}`,
    ).toBe("");
  };
}

import { readFileSync } from "node:fs";
import { AppError } from "../../base/errors.ts";

/**
 * A prompt that stands in a Markdown file, with `{{name}}` where something is put in. What is put in is data: braces in
 * it mean nothing. @throws AppError `internal` when names of file and values differ
 */
export function readPrompt(url: URL, values: Readonly<Record<string, string>> = {}): string {
  const used = new Set<string>();
  const text = readFileSync(url, "utf8").replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    used.add(name);
    const value = values[name];
    if (value === undefined)
      throw new AppError("internal", `The prompt ${url.pathname} wants a value for ${name}.`);
    return value;
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0)
    throw new AppError("internal", `The prompt ${url.pathname} has no place for ${unused.join(", ")}.`);
  return text.trim();
}

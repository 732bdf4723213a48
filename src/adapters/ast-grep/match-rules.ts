import { matchesGlob } from "node:path";
import type { SgNode, SgRoot } from "@ast-grep/wasm";
import type { RawFinding } from "../../contracts/finding.ts";
import type { UserRule } from "./rule-file.ts";

export interface MatchedFile {
  readonly path: string;
  readonly language: string;
  readonly text: string;
  /** Numbers of the added lines. */
  readonly added: readonly number[];
}

const maxMatchesEach = 500;

/**
 * The text as ast-grep may see it: what it takes out of the text for transformations is shifted by every character outside the
 * basic plane, so those become two others. Positions stay.
 */
export function withoutAstral(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, "\ufffd");
}

/** What a rule finds in a file, on lines of which any was added. */
export function matchRule(rule: UserRule, file: MatchedFile, root: SgRoot): readonly RawFinding[] {
  if (rule.files !== null && !rule.files.some((glob) => matchesGlob(file.path, glob))) return [];
  if (rule.ignores.some((glob) => matchesGlob(file.path, glob))) return [];
  const found: RawFinding[] = [];
  for (const node of root.root().findAll(rule.matcher)) {
    const { start, end } = node.range();
    const line = start.line + 1;
    // A node that ends with its line end is not on the next line.
    const endLine = Math.max(line, end.column === 0 ? end.line : end.line + 1);
    if (!file.added.some((number) => number >= line && number <= endLine)) continue;
    found.push({
      rule: `ast-grep/${rule.id}`,
      severity: rule.severity,
      category: rule.category,
      path: file.path,
      line,
      endLine,
      side: "new",
      message: (fill(rule.message, node, file.text) || rule.id).slice(0, 1_000),
      why:
        fill(rule.note, node, file.text).slice(0, 4_000) || `The rule ${rule.id} of this repository says so.`,
      suggestion: rule.fix === null ? null : suggest(rule.fix, node, file.text),
      source: "ast-grep",
      confidence: "high",
    });
    if (found.length >= maxMatchesEach) break;
  }
  return found;
}

/** `$NAME`, `$$$NAMES` and names of transformations replaced by what they stand for. */
function fill(template: string, node: SgNode, text: string): string {
  return template.replace(
    /\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g,
    (whole, many?: string, one?: string) => {
      if (many !== undefined) {
        const nodes = node.getMultipleMatches(many);
        return nodes.length === 0
          ? ""
          : text.slice(nodes[0]!.range().start.index, nodes.at(-1)!.range().end.index);
      }
      const match = node.getMatch(one!)?.range();
      if (match !== undefined) return text.slice(match.start.index, match.end.index);
      return node.getTransformed(one!) ?? whole;
    },
  );
}

/** The lines of the node with the fix in its place. */
function suggest(fix: string, node: SgNode, text: string): string {
  const { start, end } = node.range();
  const lineStart = text.lastIndexOf("\n", start.index - 1) + 1;
  const nextEnd = text.indexOf("\n", Math.max(start.index, end.index - (end.column === 0 ? 1 : 0)));
  const lineEnd = nextEnd < 0 ? text.length : nextEnd;
  const before = text.slice(lineStart, start.index);
  const indent = /^[ \t]*/.exec(before)![0];
  const lines = fill(fix.replace(/\n$/, ""), node, text).split("\n");
  const after = text.slice(Math.min(end.index, lineEnd), lineEnd);
  return `${before}${lines.map((line, at) => (at === 0 || line === "" ? line : indent + line)).join("\n")}${after}`.replace(
    /\r$/,
    "",
  );
}

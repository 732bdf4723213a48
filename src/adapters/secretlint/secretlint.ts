import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setImmediate } from "node:timers/promises";
import { AppError } from "../../base/errors.ts";
import { isExampleValue } from "../../base/example-values.ts";
import type { RawFinding } from "../../contracts/finding.ts";
import type { Linter } from "../../contracts/linter.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";

/** Its patterns run in this process and nothing can interrupt them; 1 MB takes about 20 ms. */
const maxAddedCharacters = 1_000_000;
/** Nobody writes such a line. */
const maxLineCharacters = 20_000;
const preset = "@secretlint/secretlint-rule-preset-recommend";
/** Our own formats judge hosts, users and key material more closely. */
const leftOut = new Set(["basicauth", "database-connection-string", "privatekey"]);
/** Raise it when what secretlint is told or how its answers are read changes. */
const ownVersion = 1;

/** Secrets as secretlint's recommended rules know them, beside our own formats. Loaded with the first file. */
export function createSecretlint(): Linter {
  const manifest = fileURLToPath(import.meta.resolve(`${preset}/package.json`));
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return {
    id: "secretlint",
    version: `${version}/${ownVersion}`,
    // In tests and documentation made-up values are the rule; our own formats know which are not.
    accepts: (file) =>
      (file.role === "code" || file.role === "data") && file.text !== null && file.added.length > 0,
    async check(files, signal) {
      const [{ lintSource }, { creator }] = await Promise.all([
        import("@secretlint/core"),
        import("@secretlint/secretlint-rule-preset-recommend"),
      ]);
      const found: RawFinding[] = [];
      for (const file of files) {
        if (signal.aborted) throw new AppError("cancelled", "The review was cancelled while secretlint ran.");
        // Only what was added, one line below the other.
        const numbers = file.added.filter((line) => (file.lines[line - 1] ?? "").length <= maxLineCharacters);
        const content = numbers.map((line) => file.lines[line - 1] ?? "").join("\n");
        if (content.length > maxAddedCharacters) continue;
        const { messages } = await lintSource({
          source: { content, filePath: file.path, ext: "", contentType: "text" },
          options: {
            config: { rules: [{ id: preset, rule: creator, rules: [] }] },
            maskSecrets: true,
            noPhysicFilePath: true,
          },
        }).catch((error: unknown) => {
          throw new AppError("linter-failed", `secretlint broke down on ${file.path}.`, {}, error);
        });
        for (const { ruleId, range, loc } of messages) {
          const kind = ruleId.replace(/^.*secretlint-rule-/, "");
          if (leftOut.has(kind) || isExampleValue(content.slice(...range))) continue;
          found.push(toFinding(file, kind, numbers[loc.start.line - 1]!, numbers[loc.end.line - 1]!));
        }
        await setImmediate();
      }
      return found;
    },
  };
}

/** Its own messages quote the secret. */
function toFinding(file: ReviewedFile, kind: string, line: number, endLine: number): RawFinding {
  return {
    rule: `secretlint/${kind}`,
    severity: "warning",
    category: "secret",
    path: file.path,
    line,
    endLine,
    side: "new",
    message: `Secret of the kind ${kind} in plain text.`,
    why: "Everyone who can read the repository, now or later, can use it; removing it in a later commit does not take it back.",
    suggestion: null,
    source: "secretlint",
    confidence: "medium",
  };
}

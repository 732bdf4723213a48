import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { AppError } from "../../base/errors.ts";
import { severities, type Severity } from "../../contracts/finding.ts";
import { parsePullAddress, type ReviewTarget } from "./review-target.ts";

export const formats = ["text", "json", "sarif", "markdown", "github"] as const;
export type Format = (typeof formats)[number];

interface Given {
  readonly source: string | undefined;
  readonly base: string | undefined;
  readonly head: string | undefined;
  readonly diff: string | undefined;
  readonly staged: boolean;
  readonly uncommitted: boolean;
  readonly pr: string | undefined;
}

/** What the arguments ask to be reviewed. @throws AppError `usage` for arguments that do not go together */
export async function readTarget(given: Given, cwd: string): Promise<ReviewTarget> {
  const { source, base, head, diff, staged, uncommitted, pr } = given;
  const kinds = [
    diff !== undefined && "--diff",
    staged && "--staged",
    uncommitted && "--uncommitted",
    pr !== undefined && "--pr",
    (base !== undefined || head !== undefined) && "--base and --head",
  ].filter((kind) => kind !== false);
  if (kinds.length > 1)
    throw new AppError(
      "usage",
      `${kinds.join(" and ")} say different things about what to review; give one.`,
    );
  const span = source === undefined ? null : /^([^/\\:.][^/\\:]*?)\.\.\.?([^/\\:.][^\\:]*)?$/.exec(source);
  if (span !== null)
    throw new AppError(
      "usage",
      `${JSON.stringify(source)} is a range of commits and no repository; write --base ${span[1]}${span[2] === undefined ? "" : ` --head ${span[2]}`}.`,
    );
  if (pr !== undefined) {
    if (source !== undefined)
      throw new AppError("usage", "--pr names its repository itself; leave the source out.");
    return { kind: "pull", ...parsePullAddress(pr) };
  }
  if (diff !== undefined) {
    if (source !== undefined)
      throw new AppError(
        "usage",
        "A patch is reviewed by itself; leave the source out, or give --base and --head instead.",
      );
    return { kind: "patch", text: await readInput(diff, cwd) };
  }
  if (staged || uncommitted) return { kind: "uncommitted", source: source ?? ".", cwd, isStaged: staged };
  return { kind: "range", source: source ?? ".", cwd, base: base ?? null, head: head ?? null };
}

/** A file's bytes, or standard input's for `-`. @throws AppError `usage` for what cannot be read */
export async function readInput(name: string, cwd: string): Promise<Buffer> {
  if (name === "-") return buffer(process.stdin);
  try {
    return await readFile(resolve(cwd, name));
  } catch (error) {
    throw new AppError("usage", `${name} cannot be read: ${(error as Error).message}`, {}, error);
  }
}

/** @throws AppError `usage` */
export function readFormat(given: string | undefined, isJson: boolean): Format {
  const format = given ?? (isJson ? "json" : "text");
  if ((formats as readonly string[]).includes(format)) return format as Format;
  throw new AppError("usage", `--format takes ${formats.join(", ")}, not ${JSON.stringify(given)}.`);
}

/** From which severity on the exit code says that there are findings; null: never. @throws AppError `usage` */
export function readFailOn(given: string | undefined): Severity | null {
  if (given === "never") return null;
  const level = given ?? "error";
  if ((severities as readonly string[]).includes(level)) return level as Severity;
  throw new AppError(
    "usage",
    `--fail-on takes ${severities.join(", ")} or never, not ${JSON.stringify(given)}.`,
  );
}

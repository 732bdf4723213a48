import { createHash } from "node:crypto";
import { toAppError } from "../../base/errors.ts";
import type { Cache } from "../../contracts/cache.ts";
import type { RawFinding } from "../../contracts/finding.ts";
import type { Linter } from "../../contracts/linter.ts";
import type { ReviewResult } from "../../contracts/review.ts";
import type { ReviewedChange, ReviewedFile, RuleDefinition } from "../../contracts/review-rule.ts";
import type { RuleRunner } from "./run-rules.ts";

export interface PassPorts {
  readonly runner: RuleRunner;
  readonly rules: readonly RuleDefinition[];
  readonly linters: readonly Linter[];
  /** Null: nothing is remembered. */
  readonly cache: Cache | null;
  /** Stands for the rules: changes with them. */
  readonly rulesKey: string;
  /** Stands for everything that the change leaves alone: the commit that it starts from, null where there is none. */
  readonly baseKey: string | null;
  readonly now: () => number;
}

export interface PassResults {
  readonly raw: readonly RawFinding[];
  readonly passes: ReviewResult["passes"];
  readonly notes: readonly string[];
}

type Note = (text: string) => void;

interface Outcome {
  readonly found: readonly RawFinding[];
  readonly pass: ReviewResult["passes"][number];
}

const space = "review/1";

/**
 * Everything deterministic that looks at a change, side by side. What one file gave is remembered by its content, what was
 * added to it and what looked at it, so a push pays for the files that it changed. A pass that fails is said to have failed;
 * the others go on.
 */
export async function runPasses(
  change: ReviewedChange,
  reviewed: readonly ReviewedFile[],
  ports: PassPorts,
  signal: AbortSignal,
): Promise<PassResults> {
  const notes: string[] = [];
  const part = (files: readonly ReviewedFile[]): ReviewedChange => ({ ...change, files });
  const isWide = new Set(ports.rules.flatMap(({ kind, id }) => (kind === "change" ? [id] : [])));
  const runRules = async (
    files: readonly ReviewedFile[],
    wide: boolean,
    note: Note,
  ): Promise<readonly RawFinding[]> => {
    const found = await ports.runner.run(part(files), signal, { isOn: (id) => isWide.has(id) === wide });
    found.notes.forEach(note);
    return found.findings;
  };
  const outcomes = await Promise.all([
    timed("rules", async () => [
      ...(await remembered("rules", ports.rulesKey, reviewed, (files, note) => runRules(files, false, note))),
      ...(await rememberedWhole("rules", ports.rulesKey, reviewed, (note) => runRules(reviewed, true, note))),
    ]),
    ...ports.linters.map((linter) => {
      const accepted = reviewed.filter((file) => linter.accepts(file));
      return accepted.length === 0
        ? skipped(linter.id)
        : timed(linter.id, () =>
            remembered(linter.id, linter.version, accepted, (files, note) =>
              linter.check(files, signal, note),
            ),
          );
    }),
  ]);
  return {
    raw: outcomes.flatMap(({ found }) => found),
    passes: outcomes.map(({ pass }) => pass),
    notes,
  };

  /** Notes of one pass, which are the review's too. */
  function listen(): { readonly note: Note; readonly said: readonly string[] } {
    const said: string[] = [];
    return {
      said,
      note(text) {
        said.push(text);
        notes.push(text);
      },
    };
  }

  function skipped(id: string): Outcome {
    const message = "Nothing in this change is for it.";
    return { found: [], pass: { id, state: "skipped", findings: 0, message, tookMs: 0 } };
  }

  async function timed(id: string, work: () => Promise<readonly RawFinding[]>): Promise<Outcome> {
    const start = ports.now();
    const tookMs = (): number => Math.round((ports.now() - start) * 10) / 10;
    try {
      const found = await work();
      return {
        found,
        pass: { id, state: "done", findings: found.length, message: null, tookMs: tookMs() },
      };
    } catch (thrown) {
      signal.throwIfAborted();
      const { message } = toAppError(thrown);
      return { found: [], pass: { id, state: "failed", findings: 0, message, tookMs: tookMs() } };
    }
  }

  /** Asks about those files only that were not asked about before. */
  async function remembered(
    id: string,
    version: string,
    files: readonly ReviewedFile[],
    ask: (files: readonly ReviewedFile[], note: Note) => Promise<readonly RawFinding[]>,
  ): Promise<readonly RawFinding[]> {
    if (files.length === 0) return [];
    const { cache } = ports;
    const { note, said } = listen();
    if (cache === null) return ask(files, note);
    const keys = new Map(files.map((file) => [file, fileKey(file, id, version)]));
    const known = cache.getMany(space, [...keys.values()]);
    const missing = files.filter((file) => !known.has(keys.get(file)!));
    const found = missing.length === 0 ? [] : await ask(missing, note);
    // What was left out for want of time may be found the next time.
    if (said.length === 0)
      cache.putMany(
        space,
        missing.map((file) => [
          keys.get(file)!,
          Buffer.from(JSON.stringify(found.filter(({ path }) => path === file.path))),
        ]),
      );
    return [...[...known.values()].flatMap(parseFindings), ...found];
  }

  /** The same for what looks at all of a repository: its state is the base and the change. */
  async function rememberedWhole(
    id: string,
    version: string,
    files: readonly ReviewedFile[],
    ask: (note: Note) => Promise<readonly RawFinding[]>,
  ): Promise<readonly RawFinding[]> {
    const { cache } = ports;
    const { note, said } = listen();
    if (cache === null) return ask(note);
    const hash = createHash("sha256").update(JSON.stringify([ports.baseKey, change.references === null]));
    const isLookedAt = new Set(files);
    for (const file of change.files)
      hash.update(
        `${fileKey(file, id, version)}\0${file.diff.oldOid}\0${file.diff.newOid}\0${isLookedAt.has(file)}\n`,
      );
    const key = `whole ${hash.digest("base64url")}`;
    const known = cache.get(space, key);
    if (known !== null) return parseFindings(known);
    const found = await ask(note);
    if (said.length === 0) cache.putMany(space, [[key, Buffer.from(JSON.stringify(found))]]);
    return found;
  }
}

function parseFindings(bytes: Uint8Array): RawFinding[] {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as RawFinding[];
}

function fileKey(file: ReviewedFile, id: string, version: string): string {
  return createHash("sha256")
    .update(
      JSON.stringify([
        id,
        version,
        file.path,
        file.oldPath,
        file.language,
        file.role,
        file.isWhole,
        file.diff.status,
        file.diff.newMode,
        file.added,
      ]),
    )
    .update(file.text ?? "\0")
    .digest("base64url");
}

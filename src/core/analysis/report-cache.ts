import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { settingKeys, type Config } from "../../config/schema.ts";
import type { Analysis } from "../../contracts/analysis.ts";
import type { Cache } from "../../contracts/cache.ts";
import type { Repository, Snapshot } from "../../contracts/repository.ts";
import type { AnalyzeRequest } from "./request.ts";

/** Raise when the report's making changes in a way that old reports must not be shown any more. */
const reportVersion = "report/5";

/**
 * The key of a finished report: everything that can change it. Null when it must not be kept: `--since` may be
 * relative to now.
 */
export async function reportKey(
  snapshot: Snapshot,
  request: AnalyzeRequest,
  settings: Config,
): Promise<string | null> {
  if (request.since !== null) return null;
  const { repository } = snapshot;
  const refs = await readFile(join(repository.gitDir, "packed-refs"), "utf8").catch(() => "");
  const loose = await changesOf(join(repository.gitDir, "refs", "tags"));
  // A shallow clone is deepened without its head moving.
  const edge = repository.isShallow
    ? await readFile(join(repository.gitDir, "shallow"), "utf8").catch(() => "")
    : "";
  const tags = refs.split("\n").filter((line) => line.includes(" refs/tags/"));
  return createHash("sha256")
    .update(
      JSON.stringify([
        snapshot.commit,
        repository.name,
        repository.source,
        repository.branch,
        repository.isShallow,
        edge,
        request.revision,
        request.countsLines,
        settingKeys.filter((name) => name.startsWith("limits.")).map((name) => settings[name]),
        tags,
        loose,
      ]),
    )
    .digest("hex");
}

/**
 * The key of a report of a repository that lacks contents: it holds until contents come or go. A `git gc` changes it
 * too, which costs no more than making the report again from kept facts.
 */
export async function incompleteKey(key: string, repository: Repository): Promise<string> {
  const changes = await changesOf(repository.objectsDir);
  return createHash("sha256")
    .update(JSON.stringify([key, changes]))
    .digest("hex");
}

/** When each folder was last changed: Git writes a file beside the old one and renames it. */
async function changesOf(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const folders = [
    folder,
    ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
  ];
  const infos = await Promise.all(folders.map((path) => stat(path).catch(() => null)));
  return infos.map((info) => info?.mtimeMs ?? 0);
}

export function getReport(cache: Cache, key: string): Analysis | null {
  const bytes = cache.get(reportVersion, key);
  return (
    bytes &&
    (JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as Analysis)
  );
}

export function putReport(cache: Cache, key: string, report: Analysis): void {
  cache.putMany(reportVersion, [[key, Buffer.from(JSON.stringify(report))]]);
}

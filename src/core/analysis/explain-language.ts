import { AppError } from "../../base/errors.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { createAttributes } from "../repository/languages/attributes.ts";
import { explainLanguage, type LanguageExplanation } from "../repository/languages/explain.ts";
import { openRepository, resolveSnapshot } from "../repository/repositories.ts";
import { readBlobs, readTree } from "../repository/tree.ts";
import { fillTree } from "../repository/fill.ts";
import { readAttributeFiles } from "../repository/languages/read-attribute-files.ts";
import type { AnalyzeRequest } from "./request.ts";

/**
 * Why one file of a commit got its language.
 * @throws AppError `path-unknown` and those of `openRepository`
 */
export async function explainFile(
  request: AnalyzeRequest,
  path: string,
  services: Services,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<LanguageExplanation> {
  const { git, config } = services;
  const ports = { git, locks: services.locks, hosts: services.hosts, config: config.values };
  const repository = await openRepository(request.source, ports, { cwd: request.cwd, signal, onProgress });
  const snapshot = await resolveSnapshot(repository, request.revision ?? "HEAD", ports, signal);
  const tree = await readTree(snapshot, git, { maxPaths: config.values["limits.paths"], signal });
  const entries = await fillTree(snapshot, tree.entries, git, signal);
  const wanted = path.replace(/^\.\//, "");
  const entry = entries.find((candidate) => candidate.path === wanted);
  if (!entry)
    throw new AppError(
      "path-unknown",
      `${repository.name} has no file ${JSON.stringify(path)} at ${snapshot.commit.slice(0, 10)}.`,
    );
  if (entry.kind === "submodule" || entry.kind === "symlink")
    throw new AppError("path-unknown", `${JSON.stringify(path)} is a ${entry.kind}, which has no language.`);
  if (entry.sizeBytes < 0)
    throw new AppError("path-unknown", `The content of ${JSON.stringify(path)} is missing from this clone.`);
  if (entry.sizeBytes > config.values["limits.file_bytes"])
    throw new AppError(
      "path-unknown",
      `${JSON.stringify(path)} has ${entry.sizeBytes} bytes, more than limits.file_bytes.`,
    );
  const attributesOf = createAttributes(
    await readAttributeFiles(repository.gitDir, entries, services, signal),
  );
  let content: Uint8Array = new Uint8Array();
  await readBlobs(repository.gitDir, [entry.oid], git, signal, (_, bytes) => void (content = bytes.slice()));
  return explainLanguage(entry.path, content, attributesOf(entry.path));
}

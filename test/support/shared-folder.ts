import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder that all tests of the file share; call it at the top of the file or of a `describe`. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "repowright-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

import type { TreeEntry, Warning } from "../../contracts/repository.ts";

export interface ReadableLimits {
  readonly maxFileBytes: number;
  readonly maxContentBytes: number;
}

/** Leaves out what has no content here, is too large, or would exceed the whole; each with a warning. */
export function selectReadable(
  entries: readonly TreeEntry[],
  options: ReadableLimits,
  warnings: Warning[],
): TreeEntry[] {
  let left = options.maxContentBytes;
  let skipped = 0;
  const readable = entries.filter((entry) => {
    if (entry.kind === "submodule" || entry.kind === "symlink") return false;
    if (entry.sizeBytes < 0) return false;
    if (entry.sizeBytes > options.maxFileBytes) {
      warnings.push({
        code: "huge-file",
        message: `${entry.sizeBytes} bytes, more than limits.file_bytes (${options.maxFileBytes}); its content was not read.`,
        path: entry.path,
      });
      return false;
    }
    if (entry.sizeBytes > left) {
      skipped++;
      return false;
    }
    left -= entry.sizeBytes;
    return true;
  });
  if (skipped > 0)
    warnings.push({
      code: "too-much-content",
      message: `${skipped} files were not read: together the files are larger than limits.content_bytes (${options.maxContentBytes}).`,
    });
  return readable;
}

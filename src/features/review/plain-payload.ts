import { z } from "zod";
import { AppError } from "../../base/errors.ts";

const maxFiles = 3_000;

/** What a script can send without any host: files with their patches. */
const plainPayloadSchema = z.object({
  action: z.string().max(100).optional(),
  number: z.number().int().min(0).optional(),
  pull_request: z.object({
    title: z.string().optional(),
    files: z
      .array(
        z.object({
          filename: z.string().min(1).max(4_096),
          patch: z.string().nullish(),
          status: z.string().nullish(),
          previous_filename: z.string().max(4_096).nullish(),
        }),
      )
      .max(maxFiles),
  }),
});
export type PlainPayload = z.output<typeof plainPayloadSchema>;
type PlainFile = PlainPayload["pull_request"]["files"][number];

/** Actions after which there is something to look at. */
export const plainActions: ReadonlySet<string> = new Set([
  "opened",
  "reopened",
  "synchronize",
  "ready_for_review",
  "edited",
]);

/** @throws AppError `webhook-invalid` */
export function parsePlainPayload(payload: unknown): PlainPayload {
  const parsed = plainPayloadSchema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "webhook-invalid",
    `No host's headers came with the body, and it is not the plain payload either: ${z
      .prettifyError(parsed.error)
      .replaceAll(/\s*\n\s*/g, " ")
      .slice(0, 500)}`,
  );
}

/** Files and their patches as one diff, as Git writes it. */
export function toPatch(files: readonly PlainFile[]): string {
  return files.map(toFilePatch).join("");
}

function toFilePatch({ filename, patch, status, previous_filename: previous }: PlainFile): string {
  const hunks = (patch ?? "").replaceAll("\0", "").toWellFormed();
  const first = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(hunks);
  const isAdded = status === "added" || (first?.[1] === "0" && first[2] === "0");
  const isRemoved = status === "removed" || (first?.[3] === "0" && first[4] === "0");
  const isRenamed = status === "renamed" && typeof previous === "string" && previous !== "";
  const oldPath = isRenamed ? previous : filename;
  const lines = [
    `diff --git ${quote(`a/${oldPath}`)} ${quote(`b/${filename}`)}`,
    ...(isAdded ? ["new file mode 100644"] : []),
    ...(isRemoved ? ["deleted file mode 100644"] : []),
    ...(isRenamed ? [`rename from ${quote(oldPath)}`, `rename to ${quote(filename)}`] : []),
    // Names without lines behind them tell the reader that it could not read what was there.
    ...(hunks.trim() === ""
      ? []
      : [
          `--- ${isAdded ? "/dev/null" : quote(`a/${oldPath}`)}`,
          `+++ ${isRemoved ? "/dev/null" : quote(`b/${filename}`)}`,
        ]),
  ];
  return `${lines.join("\n")}\n${first ? hunks.replace(/\n?$/, "\n") : ""}`;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
};

/** A path as Git quotes it, so that a name with a newline cannot pass for a line of the diff. */
function quote(path: string): string {
  const text = path.toWellFormed();
  // oxlint-disable-next-line no-control-regex -- these are what Git quotes
  if (!/["\\\u0000-\u001f\u007f]/.test(text)) return text;
  const quoted = text.replace(
    // oxlint-disable-next-line no-control-regex -- as above
    /["\\\u0000-\u001f\u007f]/g,
    (one) => escapes[one] ?? `\\${one.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
  return `"${quoted.replaceAll("\\000", "")}"`;
}

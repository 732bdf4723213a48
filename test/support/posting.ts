import { noModel } from "../../src/core/review/no-model.ts";
import { createHash } from "node:crypto";
import type { PostedComment, PostedReview, PullRef } from "../../src/contracts/code-host.ts";
import type { Finding } from "../../src/contracts/finding.ts";
import type { ModelPart, ReviewResult, SuppressionKind } from "../../src/contracts/review.ts";

export const pullRef: PullRef = {
  host: "github",
  repository: "octo-org/widgets",
  number: 7,
  installation: null,
};
export const headA = "a".repeat(40);
export const headB = "b".repeat(40);

/** `src/new.ts` with 40 lines, and `src/old.ts` with two hunks: 1–7 and 50–56 of the new side, one line removed in each. */
export const samplePatch = [
  "diff --git a/src/new.ts b/src/new.ts",
  "new file mode 100644",
  "--- /dev/null",
  "+++ b/src/new.ts",
  "@@ -0,0 +1,40 @@",
  ...Array.from({ length: 40 }, (_, at) => `+line ${at + 1}`),
  "diff --git a/src/old.ts b/src/old.ts",
  "--- a/src/old.ts",
  "+++ b/src/old.ts",
  ...[1, 50].flatMap((start) => [
    `@@ -${start},7 +${start},7 @@`,
    " a",
    " b",
    " c",
    "-d",
    "+D",
    " e",
    " f",
    " g",
  ]),
  "",
].join("\n");

/** Its fingerprint is that of its name. */
export function makeFinding(name: string, changes: Partial<Finding> = {}): Finding {
  return {
    rule: "leftover-debugger",
    severity: "warning",
    category: "bug",
    path: "src/new.ts",
    line: 3,
    endLine: changes.line ?? 3,
    side: "new",
    message: `${name} is left over`,
    why: "It stops whoever runs this.",
    suggestion: null,
    fingerprint: fingerprintOf(name),
    excerpt: [],
    source: "rules",
    confidence: "high",
    ...changes,
  };
}

export function fingerprintOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

export function makeReview(
  findings: readonly Finding[],
  changes: Omit<Partial<ReviewResult>, "model"> & { readonly model?: Partial<ModelPart> } = {},
): ReviewResult {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  const { model, ...rest } = changes;
  return {
    source: "https://github.com/octo-org/widgets",
    base: "c".repeat(40),
    head: headA,
    pull: pullRef,
    title: "Make widgets rounder",
    files: [],
    findings: [...findings],
    suppressed: [],
    passes: [{ id: "rules", state: "done", findings: findings.length, message: null, tookMs: 1 }],
    counts,
    notes: [],
    tookMs: 1,
    ...rest,
    model: { ...noModel, ...model },
  };
}

export function suppress(finding: Finding, by: SuppressionKind): ReviewResult["suppressed"][number] {
  return { finding, by, reason: null };
}

/** A comment of ours on the host, in a thread `t-<name>`. */
export function makePosted(name: string, changes: Partial<PostedComment> = {}): PostedComment {
  return {
    id: `c-${name}`,
    fingerprint: fingerprintOf(name),
    threadId: `t-${name}`,
    isResolved: false,
    path: "src/new.ts",
    ...changes,
  };
}

export const nothingPosted: PostedReview = { summary: null, comments: [] };

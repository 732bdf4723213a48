import type { HostCheck, HostId, LineComment, PostedReview } from "../../../contracts/code-host.ts";
import { readMark, toMark } from "../../../contracts/comment-mark.ts";
import type { Diff } from "../../../contracts/diff.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult, SuppressionKind } from "../../../contracts/review.ts";
import { createAnchors, type Anchors } from "../../../core/diff/anchors.ts";
import { formatMarkdown } from "../formats/markdown.ts";
import { formatLineComment } from "./comment-body.ts";
import { createLineLinks } from "./line-links.ts";
import { toCheck } from "./review-check.ts";

export interface PostingInput {
  readonly review: ReviewResult;
  /** Of the review: what it is posted to. */
  readonly commit: string;
  readonly diff: Pick<Diff, "files">;
  readonly posted: PostedReview;
  readonly host: HostId;
  /** Page of the pull request. */
  readonly url: string;
  /** Fingerprints that a model may still stand for, although it could not be asked this time. */
  readonly modelFindings: ReadonlySet<string>;
  /** False: the host refused them, and the summary says it all. */
  readonly takesComments: boolean;
}

/** What has to change on the host until it shows a review. Nothing of it is there yet. */
export interface PostingPlan {
  /** Posted all at once. */
  readonly comments: readonly LineComment[];
  /** Fingerprints of their findings. */
  readonly fingerprints: readonly string[];
  /** Body of the summary comment; null: what is there stays, or nothing is needed. */
  readonly summary: string | null;
  /** Ids of threads whose finding is gone. */
  readonly resolve: readonly string[];
  readonly check: HostCheck;
}

/** More are not read: the others stand in the summary. */
export const maxComments = 10;
const maxBody = 65_536;
/** Findings that are held back for these reasons are still in the code, and nobody said that they should not be told. */
const stillThere: ReadonlySet<SuppressionKind> = new Set(["cap", "duplicate"]);

/** Compares a review with what is posted already. The same input gives the same plan, and after it is carried out an empty one. */
export function planPosting(input: PostingInput): PostingPlan {
  const { review, posted } = input;
  const important = review.findings.filter(({ severity }) => severity !== "info");
  const known = new Set(posted.comments.flatMap(({ fingerprint }) => fingerprint ?? []));
  const placed = input.takesComments ? placeComments(important, createAnchors(input.diff), input.host) : [];
  // Cut off first: what is posted later must not make room for what ranks lower.
  const added = placed.slice(0, maxComments).filter(({ finding }) => !known.has(finding.fingerprint));
  const commented = new Set([...known, ...added.map(({ finding }) => finding.fingerprint)]);
  return {
    comments: added.map(({ comment }) => comment),
    fingerprints: added.map(({ finding }) => finding.fingerprint),
    summary: planSummary(input, important.length, commented),
    resolve: planResolving(input),
    check: toCheck(review, input.commit, commented),
  };
}

interface Placed {
  readonly finding: Finding;
  readonly comment: LineComment;
}

/** Comments that the host takes; what is not about lines of the diff has none. */
function placeComments(findings: readonly Finding[], anchors: Anchors, host: HostId): readonly Placed[] {
  return findings.flatMap((finding) => {
    const anchor = anchors.nearest(finding.path, finding.side, finding.line, finding.endLine);
    if (anchor === null || !anchors.canAnchor(anchor.path, anchor.side, anchor.line, anchor.endLine))
      return [];
    const { path, oldPath, side, line, endLine } = anchor;
    const body = formatLineComment(finding, anchor, host);
    return body.length > maxBody ? [] : [{ finding, comment: { path, oldPath, side, line, endLine, body } }];
  });
}

function planSummary(
  input: PostingInput,
  importantCount: number,
  commented: ReadonlySet<string>,
): string | null {
  const { review, posted, commit } = input;
  const existing = posted.summary;
  if (existing === null && importantCount === 0 && review.model.summary === null) return null;
  // It would be written twice, and until the model has answered it would say less than it does now.
  if (
    existing !== null &&
    review.model.state === "awaited" &&
    readMark(existing.body)?.fingerprint === commit
  )
    return null;
  const mark = toMark({ kind: "summary", fingerprint: commit });
  const text = formatMarkdown(review, {
    linkTo: createLineLinks(input.host, input.url, review),
    commented,
    maxLength: maxBody - mark.length - 1,
  });
  const body = `${text}\n${mark}`;
  return existing !== null && normalize(existing.body) === normalize(body) ? null : body;
}

/** Hosts keep what was sent up to line ends and blanks around it. */
function normalize(body: string): string {
  return body.replaceAll("\r\n", "\n").trim();
}

function planResolving({ review, posted, modelFindings }: PostingInput): readonly string[] {
  // What the model will say decides about its own threads, and it will.
  if (review.model.state === "awaited") return [];
  const isModelMissing = review.model.state === "away" || review.model.state === "failed";
  const kept = new Set([
    ...review.findings.map(({ fingerprint }) => fingerprint),
    ...review.suppressed.flatMap(({ finding, by }) => (stillThere.has(by) ? [finding.fingerprint] : [])),
  ]);
  const isOver = (fingerprint: string): boolean =>
    !kept.has(fingerprint) && !(isModelMissing && modelFindings.has(fingerprint));
  return [
    ...new Set(
      posted.comments.flatMap(({ fingerprint, isResolved, threadId }) =>
        fingerprint !== null && !isResolved && threadId !== null && isOver(fingerprint) ? [threadId] : [],
      ),
    ),
  ];
}

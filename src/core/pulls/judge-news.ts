import type { PullNews, PullState } from "../../contracts/pulls.ts";

/** What is known of a pull request. */
export interface KnownPull {
  /** Null before the first news. */
  readonly state: PullState["state"] | null;
  readonly head: string | null;
  readonly baseBranch: string | null;
  /** Milliseconds since 1970, by the host's clock. */
  readonly changedAt: number | null;
  /** Heads that were replaced, newest first. */
  readonly past: readonly string[];
  readonly jobId: string | null;
}

export type Verdict =
  /** A review is to be started; what waits or runs for the pull request is to be cancelled. */
  | { readonly kind: "start"; readonly known: KnownPull }
  /** This head was or is being reviewed. */
  | { readonly kind: "same"; readonly known: KnownPull }
  /** What waits or runs is to be cancelled. */
  | { readonly kind: "end"; readonly known: KnownPull }
  /** Something newer is known already. */
  | { readonly kind: "late"; readonly known: KnownPull };

const mostPast = 20;

/** What news means beside what is known. News comes more than once, and in any order. */
export function judgeNews(known: KnownPull, news: PullNews): Verdict {
  const time = toTime(news.kind === "end" ? news.at : news.pull.updatedAt);
  const changedAt = Math.max(time ?? 0, known.changedAt ?? 0) || null;
  if (news.kind === "end") {
    if (time !== null && known.changedAt !== null && time < known.changedAt) return { kind: "late", known };
    return {
      kind: "end",
      known: { ...known, state: news.reason === "draft" ? "draft" : news.reason, changedAt },
    };
  }
  const { head, baseBranch } = news.pull;
  if (!news.isForced && isLate(known, news, time))
    return { kind: "late", known: { ...known, past: remember(known.past, known.head, news.before) } };
  const isSame =
    !news.isForced &&
    known.jobId !== null &&
    head !== null &&
    head === known.head &&
    baseBranch === known.baseBranch;
  return {
    kind: isSame ? "same" : "start",
    known: {
      ...known,
      state: "open",
      head,
      baseBranch,
      changedAt,
      past: remember(known.past, head, news.before, known.head),
    },
  };
}

function isLate(known: KnownPull, news: PullNews & { kind: "review" }, time: number | null): boolean {
  if (known.state === null) return false;
  if (time !== null && known.changedAt !== null && time !== known.changedAt) return time < known.changedAt;
  // The same second, or no clock at all. What follows on what we know is newer; what was replaced before is not.
  const { head } = news.pull;
  if (head !== known.head) {
    if (news.before !== null && news.before === known.head) return false;
    if (head !== null && known.past.includes(head)) return true;
  }
  // A push, or a new base, does not open what was closed.
  return known.state !== "open" && (news.trigger === "pushed" || news.trigger === "retargeted");
}

function remember(
  past: readonly string[],
  current: string | null,
  ...replaced: readonly (string | null)[]
): readonly string[] {
  const all = [...replaced, ...past].filter((head) => head !== null && head !== current) as string[];
  return [...new Set(all)].slice(0, mostPast);
}

function toTime(text: string | null): number | null {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

import {
  changeStatus,
  commitTypes,
  createFactsWriter,
  type CommitType,
} from "../../src/core/repository/history/commit-facts.ts";
import { createHistoryView, type HistoryView } from "../../src/core/analysis/history/view.ts";

export interface WrittenCommit {
  /** `name <address>` */
  readonly by?: string;
  /** Seconds since 1970, or a date with its zone (`2024-03-01T12:00:00+02:00`), of author and committer. */
  readonly at?: number | string;
  /** `A path`, `M path`, `D path` or `R old new`. */
  readonly changes?: readonly string[];
  readonly parents?: number;
  readonly type?: CommitType;
}

const statuses = {
  A: changeStatus.added,
  M: changeStatus.modified,
  D: changeStatus.deleted,
  R: changeStatus.renamed,
} as const;

/** What statistics are computed from, for the given commits, the oldest first. */
export function writeHistory(commits: readonly WrittenCommit[]): HistoryView {
  const writer = createFactsWriter();
  for (const [index, commit] of [...commits.entries()].reverse()) {
    const at = commit.at ?? 1_700_000_000 + index * 86_400;
    const seconds = typeof at === "number" ? at : Date.parse(at) / 1000;
    writer.commit({
      oid: index.toString(16).padStart(40, "0"),
      parents: commit.parents ?? (index === 0 ? 0 : 1),
      authoredAt: seconds,
      committedAt: seconds,
      authorOffset: typeof at === "number" ? 0 : minutesOf(at),
      identity: commit.by ?? "Ada Byron <ada@example.org>",
      type: commitTypes.indexOf(commit.type ?? "other"),
      subject: [],
      body: [],
    });
    for (const change of commit.changes ?? []) {
      const [letter, first, second] = change.split(" ");
      const status = statuses[letter as keyof typeof statuses];
      writer.change(status, second ?? first!, second === undefined ? null : first!);
    }
  }
  const facts = writer.finish();
  const identities = facts.identities.map((text) => {
    const [, name, email] = /^(.*) <(.*)>$/.exec(text)!;
    return { name: name!, email: email! };
  });
  return createHistoryView(
    facts,
    identities,
    facts.oids.map((_, row) => row),
  );
}

function minutesOf(date: string): number {
  const match = /([+-])(\d\d):(\d\d)$/.exec(date);
  if (!match) return 0;
  return (Number(match[2]) * 60 + Number(match[3])) * (match[1] === "-" ? -1 : 1);
}

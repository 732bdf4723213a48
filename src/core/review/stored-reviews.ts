import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { Finding } from "../../contracts/finding.ts";
import type { Dismissal, Reviews, ReviewSummary } from "../../contracts/review.ts";
import type { HostId } from "../../contracts/code-host.ts";
import { fromCursor, toCursor } from "../jobs/cursor.ts";

interface ReviewRow {
  readonly id: string;
  readonly scope: string;
  readonly host: HostId | null;
  readonly repository: string | null;
  readonly number: number | null;
  readonly title: string | null;
  readonly base_id: string | null;
  readonly head_id: string | null;
  readonly model_state: ReviewSummary["model"];
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface DismissalRow {
  readonly scope: string;
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
  readonly dismissed_by: string;
  readonly dismissed_at: Date;
}

const listed =
  "id, scope, host, repository, number, title, base_id, head_id, model_state, errors, warnings, infos, created_at, updated_at";

/** Reviews in the database. */
export function createReviews(database: Database): Reviews {
  return {
    save: (id, attempt, review) =>
      database.transaction(async (transaction) => {
        const { pull, counts } = review;
        const stored = await transaction.query(
          `insert into reviews (id, attempt, scope, host, repository, number, title, base_id, head_id, model_state, errors,
             warnings, infos, content)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (id) do update set attempt = excluded.attempt, title = excluded.title, base_id = excluded.base_id,
             head_id = excluded.head_id, model_state = excluded.model_state, errors = excluded.errors,
             warnings = excluded.warnings, infos = excluded.infos, content = excluded.content, updated_at = now()
           where reviews.attempt <= excluded.attempt
           returning id`,
          [
            id,
            attempt,
            review.source ?? "",
            pull?.host ?? null,
            pull?.repository ?? null,
            pull?.number ?? null,
            review.title === null ? null : storable(review.title),
            review.base,
            review.head,
            review.model.state,
            counts.error,
            counts.warning,
            counts.info,
            JSON.stringify(review),
          ],
        );
        if (stored.length === 0) return;
        await transaction.query("delete from findings where review_id = $1", [id]);
        await insertFindings(transaction, id, review.findings);
      }),
    async list(filter, page) {
      const rows = await database.query<ReviewRow>(
        `select ${listed} from reviews
         where ($1::text is null or id < $1) and ($2::text is null or scope = $2) and ($3::text is null or host = $3)
           and ($4::text is null or repository = $4) and ($5::integer is null or number = $5)
         order by id desc limit $6`,
        [
          page.cursor === undefined ? null : fromCursor(page.cursor),
          filter.source ?? null,
          filter.host ?? null,
          filter.repository ?? null,
          filter.number ?? null,
          page.limit + 1,
        ],
      );
      const items = rows.slice(0, page.limit).map(toSummary);
      return { items, nextCursor: rows.length > page.limit ? toCursor(items.at(-1)!.id) : null };
    },
    async get(id) {
      const [row] = await database.query<{ content: string }>("select content from reviews where id = $1", [
        id,
      ]);
      if (row === undefined) throw reviewUnknown(id);
      return row.content;
    },
    async dismissals(source) {
      const rows = await database.query<DismissalRow>(
        "select * from dismissals where scope = $1 order by dismissed_at, fingerprint",
        [source],
      );
      return rows.map(toDismissal);
    },
    async dismiss(id, fingerprint, reason, by) {
      const rows = await database.query<{ scope: string; fingerprint: string; rule: string; path: string }>(
        `select scope, fingerprint, rule, path from findings join reviews on reviews.id = review_id
         where review_id = $1 and starts_with(fingerprint, $2) limit 2`,
        [id, fingerprint],
      );
      const [found] = rows;
      if (rows.length !== 1 || found === undefined || fingerprint === "") {
        const [review] = await database.query("select 1 from reviews where id = $1", [id]);
        if (review === undefined) throw reviewUnknown(id);
        throw new AppError(
          "finding-unknown",
          `Review ${id} has ${rows.length > 1 ? "several findings that begin" : "no finding that begins"} with ${JSON.stringify(fingerprint.slice(0, 40))}.`,
        );
      }
      const [row] = await database.query<DismissalRow>(
        `insert into dismissals (scope, fingerprint, rule, path, reason, dismissed_by) values ($1, $2, $3, $4, $5, $6)
         on conflict (scope, fingerprint) do update
           set reason = excluded.reason, dismissed_by = excluded.dismissed_by, dismissed_at = now()
         returning *`,
        [found.scope, found.fingerprint, found.rule, found.path, reason, by],
      );
      return toDismissal(row!);
    },
    async restore(source, fingerprint) {
      const rows = await database.query(
        "delete from dismissals where scope = $1 and fingerprint = $2 returning fingerprint",
        [source, fingerprint],
      );
      if (rows.length === 0)
        throw new AppError(
          "finding-unknown",
          `No finding ${JSON.stringify(fingerprint.slice(0, 40))} was dismissed there.`,
        );
    },
  };
}

async function insertFindings(
  database: Pick<Database, "query">,
  id: string,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  await database.query(
    `insert into findings (review_id, fingerprint, place, rule, severity, path, line, content)
     select $1, fingerprint, place, rule, severity, path, line, content::json
     from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[])
       as given (fingerprint, place, rule, severity, path, line, content)
     on conflict do nothing`,
    [
      id,
      findings.map(({ fingerprint }) => fingerprint),
      findings.map((_, place) => place),
      findings.map(({ rule }) => rule),
      findings.map(({ severity }) => severity),
      findings.map(({ path }) => storable(path)),
      findings.map(({ line }) => line),
      findings.map((finding) => JSON.stringify(finding)),
    ],
  );
}

/** No text column holds NUL, nor half a character. */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

function toSummary(row: ReviewRow): ReviewSummary {
  return {
    id: row.id,
    source: row.scope === "" ? null : row.scope,
    base: row.base_id,
    head: row.head_id,
    pull:
      row.host === null
        ? null
        : { host: row.host, repository: row.repository!, number: row.number!, installation: null },
    title: row.title,
    counts: { error: row.errors, warning: row.warnings, info: row.infos },
    model: row.model_state,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function toDismissal(row: DismissalRow): Dismissal {
  return {
    source: row.scope,
    fingerprint: row.fingerprint,
    rule: row.rule,
    path: row.path,
    reason: row.reason,
    dismissedBy: row.dismissed_by,
    dismissedAt: row.dismissed_at.toISOString(),
  };
}

function reviewUnknown(id: string): AppError {
  return new AppError("review-unknown", `There is no review ${JSON.stringify(id.slice(0, 80))}.`);
}

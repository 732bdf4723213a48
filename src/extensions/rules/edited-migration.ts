import { defineRule, type RuleHit } from "../../contracts/review-rule.ts";
import { firstPlace } from "./shared/changed-lines.ts";
import { mayBeMigration, migrationKindOf, type MigrationKind } from "./shared/migrations.ts";

export default defineRule({
  id: "edited-migration",
  kind: "change",
  title: "Migration changed after it was merged",
  severity: "warning",
  category: "bug",
  confidence: "medium",
  message: "This migration was there before, and may have run already.",
  why: "Where it has run it does not run again, so databases differ from then on; tools that keep checksums refuse to start.",
  docs: "A migration of the database that the base branch already has was changed. Write a new migration instead. Comments and white space do not count; a migration that is removed, as when migrations are squashed, is only mentioned. Switch it off until the first release.",
  examples: {
    bad: [
      { "db/migrate/20240101000000_add_users.rb": ["create_table :users\n", "create_table :people\n"] },
      {
        "shop/migrations/0002_price.py": [
          "class M(migrations.Migration):\n    operations = [migrations.AddField(name='a')]\n",
          "class M(migrations.Migration):\n    operations = [migrations.AddField(name='b')]\n",
        ],
      },
      { "migrations/0003_jobs.sql": ["create table jobs (id int);\n", "create table jobs (id bigint);\n"] },
    ],
    good: [
      { "db/migrate/20240101000000_add_users.rb": [null, "create_table :users\n"] },
      {
        "db/migrate/20240101000000_add_users.rb": ["create_table :users\n", "# why\ncreate_table  :users\n"],
      },
      { "src/migrations/notes.md": ["a\n", "b\n"] },
    ],
  },
  async check(change) {
    const hits: RuleHit[] = [];
    for (const file of change.files) {
      const path = file.oldPath ?? file.path;
      const { status } = file.diff;
      if (
        status === "added" ||
        status === "copied" ||
        file.role === "test" ||
        file.role === "example" ||
        file.role === "vendored" ||
        !mayBeMigration(path)
      )
        continue;
      const before = await change.before(path);
      const kind = before === null ? undefined : migrationKindOf(path, before);
      if (before === null || kind === undefined) continue;
      const isGone = status === "deleted";
      if (
        !isGone &&
        (file.text === null || !file.isWhole || statements(before, kind) === statements(file.text, kind))
      )
        continue;
      const place = firstPlace(file);
      if (place !== null)
        hits.push({
          path: file.path,
          ...place,
          subject: path,
          ...(isGone
            ? { severity: "info" as const, message: "A migration that was there before is removed." }
            : {}),
        });
    }
    return hits;
  },
});

function statements(text: string, { effect }: MigrationKind): string {
  const all = text
    .replace(/\/\*[\s\S]*?\*\/|"""[\s\S]*?"""/g, "")
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)(?:#|--|\/\/).*$/, ""))
    .join("\n");
  return (effect === undefined ? all : (all.match(effect) ?? []).join(" ")).replace(/\s+/g, "");
}

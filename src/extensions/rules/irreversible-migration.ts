import { defineRule, type RuleHit } from "../../contracts/review-rule.ts";
import { firstPlace } from "./shared/changed-lines.ts";
import { migrationKindOf } from "./shared/migrations.ts";

export default defineRule({
  id: "irreversible-migration",
  kind: "change",
  title: "Migration that cannot be taken back",
  severity: "info",
  category: "maintenance",
  confidence: "medium",
  message: "This migration does not say how it is undone.",
  why: "When the release must be taken back, somebody has to find out by hand and in a hurry.",
  docs: "A new migration has a way up and none down, in a framework where others have both, or an `.up.sql` lacks its `.down.sql`. Write the way back, or say in a comment that there is none. Only mentioned, because many projects never go back.",
  examples: {
    bad: [
      { "db/migrate/20240101000000_add_users.rb": "class A\n  def up\n    execute 'x'\n  end\nend\n" },
      {
        "a/migrations/0002_x.py":
          "class M(migrations.Migration):\n    operations = [migrations.RunPython(forwards)]\n",
      },
      {
        "migrations/2_b.up.sql": "create table b (id int);\n",
        "migrations/1_a.up.sql": ["select 1;\n", "select 1;\n"],
        "migrations/1_a.down.sql": ["select 1;\n", "select 1;\n"],
      },
    ],
    good: [
      {
        "db/migrate/20240101000000_add_users.rb": "class A\n  def change\n    create_table :a\n  end\nend\n",
      },
      {
        "db/migrate/20240101000000_add_users.rb":
          "class A\n  def up\n    execute 'x'\n  end\n  # irreversible: data is gone\nend\n",
      },
      {
        "a/migrations/0002_x.py":
          "class M(migrations.Migration):\n    operations = [migrations.RunPython(forwards, backwards)]\n",
      },
      { "migrations/2_b.up.sql": "create table b (id int);\n", "migrations/2_b.down.sql": "drop table b;\n" },
    ],
  },
  async check(change) {
    const hits: RuleHit[] = [];
    const paths = await change.paths();
    for (const file of change.files) {
      if (file.diff.status !== "added" || file.text === null) continue;
      if (file.role === "test" || file.role === "example" || file.role === "vendored") continue;
      const kind = migrationKindOf(file.path, file.text);
      const isMissing = file.path.endsWith(".up.sql") && paths !== null && isAlone(file.path, paths);
      if (kind === undefined || (kind.isReversible?.(file.text) !== false && !isMissing)) continue;
      const place = firstPlace(file);
      if (place !== null) hits.push({ path: file.path, ...place, subject: file.path });
    }
    return hits;
  },
});

/** It has no way down, and others beside it have. */
function isAlone(path: string, paths: readonly string[]): boolean {
  const down = path.replace(/\.up\.sql$/, ".down.sql");
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return (
    !paths.includes(down) && paths.some((other) => other.startsWith(folder) && other.endsWith(".down.sql"))
  );
}

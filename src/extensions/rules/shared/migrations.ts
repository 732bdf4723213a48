/** A framework's migrations: which files they are, and how one says that it can be undone. */
export interface MigrationKind {
  readonly name: string;
  readonly path: RegExp;
  /** Content that a migration has, where the path may be something else. */
  readonly content?: RegExp;
  /** What of it reaches the database, where much of it does not. */
  readonly effect?: RegExp;
  /** Whether the migration can be taken back, or says that it cannot. Without it nobody expects that. */
  readonly isReversible?: (text: string) => boolean;
}

const saysSo =
  /irreversible|cannot be (?:undone|reverted|reversed|rolled back)|no.?(?:op|rollback)|roll.?back|not reversible|one.?way/i;

export const migrationKinds: readonly MigrationKind[] = [
  {
    name: "Rails",
    path: /(?:^|\/)db\/(?:\w+_)?migrate\/\d{14}_\w+\.rb$/,
    isReversible: (text) =>
      !/def (?:self\.)?up\b/.test(text) || /def (?:self\.)?down\b/.test(text) || saysSo.test(text),
  },
  {
    name: "Django",
    path: /(?:^|\/)migrations\/\d{4}_\w+\.py$/,
    content: /migrations\.Migration/,
    // Labels, help texts, choices and imports are there for Python alone.
    effect:
      /\bmigrations\.(?!Migration\b|swappable)\w+\(|\bmodels\.\w+Field\(|\bmodels\.(?:ForeignKey|Index|\w+Constraint)\b|\b(?:name|model_name|new_name|old_name|null|max_length|unique|db_index|primary_key|max_digits|decimal_places|db_column|on_delete)=[\w"'.]+|\bRun(?:SQL|Python)\([^)]*\)/g,
    isReversible: (text) =>
      !/migrations\.Run(?:Python|SQL)\(/.test(text) ||
      /reverse_code|reverse_sql|\.noop/.test(text) ||
      /RunPython\(\s*\w[\w.]*\s*,\s*\w/.test(text) ||
      saysSo.test(text),
  },
  {
    name: "Alembic",
    path: /(?:^|\/)versions\/\w+\.py$/,
    content: /^down_revision\b/m,
    isReversible: (text) =>
      !/def downgrade\([^)]*\)[^:]*:\s*(?:"""[\s\S]*?"""\s*)?pass\b/.test(text) || saysSo.test(text),
  },
  {
    name: "Laravel",
    path: /(?:^|\/)database\/migrations\/\d{4}_\d\d_\d\d_\d{6}_\w+\.php$/,
    isReversible: (text) => /function down\b/.test(text) || saysSo.test(text),
  },
  {
    name: "Ecto",
    path: /(?:^|\/)repo\/migrations\/\d{14}_\w+\.exs$/,
    isReversible: (text) => !/def up\b/.test(text) || /def down\b/.test(text) || saysSo.test(text),
  },
  {
    name: "Knex or Sequelize",
    path: /(?:^|\/)migrations\/\d{8,14}[-_][\w-]+\.[cm]?[jt]s$/,
    content: /\bup\b/,
    isReversible: (text) => /\bdown\b/.test(text) || saysSo.test(text),
  },
  { name: "Entity Framework", path: /(?:^|\/)Migrations\/\d{14}_(?!.*\.Designer\.cs$)\w+\.cs$/ },
  { name: "Flyway", path: /(?:^|\/)(?:migrations?|db|sql)\/(?:[\w-]+\/)*V\d[\d._]*__\w+\.sql$/ },
  { name: "Prisma", path: /(?:^|\/)prisma\/(?:[\w-]+\/)*migrations\/\d{14}_\w+\/migration\.sql$/ },
  { name: "golang-migrate", path: /(?:^|\/)migrations?\/(?:[\w-]+\/)*\d+_[\w-]+\.(?:up|down)\.sql$/ },
  { name: "SQL", path: /(?:^|\/)(?:migrations?|migrate)\/(?:[\w-]+\/)*\d{3,}[-_]\w[\w-]*\.sql$/ },
];

/** By its path alone; for the rest its text must be read. */
export function mayBeMigration(path: string): boolean {
  return migrationKinds.some((kind) => kind.path.test(path));
}

export function migrationKindOf(path: string, text: string | null): MigrationKind | undefined {
  return migrationKinds.find(
    (kind) =>
      kind.path.test(path) && (kind.content === undefined || (text !== null && kind.content.test(text))),
  );
}

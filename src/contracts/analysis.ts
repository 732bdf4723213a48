import { z } from "zod";

/** Version of the report's shape. A change that breaks readers takes the next number. */
export const analysisSchemaName = "repowright.analysis/1";

const path = z
  .string()
  .describe("Path from the top of the repository; bytes that are not UTF-8 are written as \\xNN.");
const instant = z.string().describe("ISO 8601, UTC.");
const whole = z.number().int().min(0);
const lineCount = whole
  .nullable()
  .describe("Null when lines were not counted (--no-lines) or their content is missing.");
const evidence = z.object({ path, line: whole.describe("From 1.") });

const author = z.object({
  name: z.string(),
  email: z.string(),
  person: whole.describe("Same for the identities of one person: same address, or same full name."),
  commits: whole.describe("As `git shortlog -sne` counts: merges included, after .mailmap."),
  linesAdded: lineCount,
  linesDeleted: lineCount,
  firstCommitAt: instant,
  lastCommitAt: instant,
});

const history = z.object({
  commits: whole.describe("As `git rev-list --count`."),
  merges: whole,
  firstCommitAt: instant.nullable().describe("Null when no commit is in the range."),
  lastCommitAt: instant.nullable(),
  linesAdded: lineCount.describe("Sum of `git log --numstat` with Git's defaults."),
  linesDeleted: lineCount,
  linesUnknownCommits: whole.describe(
    "Commits whose lines could not be counted because contents are missing.",
  ),
  authors: z.array(author).describe("Most commits first."),
  people: whole.describe("Persons behind the authors."),
  activity: z
    .array(z.object({ week: z.string().describe("Monday of the week, YYYY-MM-DD, UTC."), commits: whole }))
    .describe("Every week from the first to the last commit."),
  weekdays: z.array(whole).length(7).describe("Commits by weekday, Monday first, in the author's time zone."),
  hours: z.array(whole).length(24).describe("Commits by hour of day in the author's time zone."),
  commitTypes: z
    .array(z.object({ type: z.string(), commits: whole }))
    .describe("By Conventional Commits prefix, else by the first words of the subject; merges left out."),
  hotspots: z
    .array(
      z.object({
        path,
        commits: whole,
        lines: whole.describe("Lines at the analysed commit."),
        score: z.number().describe("0 to 1: commits × lines, both relative to the largest."),
      }),
    )
    .describe("Files that change often and are large: where a clean-up pays most."),
  coupling: z
    .array(
      z.object({
        a: path,
        b: path,
        together: whole.describe("Commits that changed both."),
        degree: z.number().describe("0 to 1: together / mean of both files' commits."),
      }),
    )
    .describe("Files that change together."),
  busFactor: whole.describe(
    "Fewest authors without whom more than half of the files have no author left (Avelino et al. 2016).",
  ),
  keyAuthors: z
    .array(
      z.object({
        name: z.string(),
        email: z.string(),
        files: whole.describe("Files they are an author of."),
      }),
    )
    .describe("The authors that the bus factor counts."),
  ownership: z
    .array(
      z.object({
        path,
        commits: whole,
        owners: z.array(z.object({ name: z.string(), share: z.number().describe("0 to 1 of the commits.") })),
      }),
    )
    .describe("Top folders with those who changed them most."),
  newAuthors: z
    .array(z.object({ name: z.string(), commits: whole, firstCommitAt: instant }))
    .describe("First commit within 180 days of the last commit."),
  leavingAuthors: z
    .array(z.object({ name: z.string(), commits: whole, lastCommitAt: instant }))
    .describe("At least 10 commits and none within 365 days of the last commit."),
  fileAges: z
    .array(z.object({ age: z.string(), files: whole, lines: whole }))
    .describe("Files of the analysed commit by the time since their last change."),
  tags: z
    .array(z.object({ name: z.string(), commit: z.string(), at: instant }))
    .describe("Newest first; with --rev those that the commit contains."),
});

const language = z.object({
  name: z.string(),
  files: whole,
  bytes: whole,
  code: whole,
  comments: whole,
  blanks: whole,
  share: z
    .number()
    .describe(
      "Percent of bytes by linguist's rules: programming and markup, without vendored, generated and documentation files.",
    ),
  color: z.string().nullable(),
});

const stackItem = z.object({
  name: z.string(),
  category: z.string(),
  version: z.string().optional(),
  evidence: z.array(evidence),
});

const dependency = z.object({
  ecosystem: z.string(),
  name: z.string(),
  requirement: z.string(),
  version: z.string().optional().describe("From the lock file."),
  scope: z.enum(["runtime", "development", "optional", "peer", "build", "test"]),
  manifest: path,
  line: whole,
  shared: z
    .literal(true)
    .optional()
    .describe(
      "The entry only fixes a version for other manifests (workspace dependencies, catalogs, dependencyManagement).",
    ),
  indirect: z
    .literal(true)
    .optional()
    .describe("The manifest itself says that only another dependency needs it."),
});

const structure = z.object({
  files: whole,
  bytes: whole,
  directories: z.array(z.object({ path, files: whole, bytes: whole })),
  entryPoints: z.array(z.object({ path, line: whole.optional(), name: z.string(), why: z.string() })),
  scripts: z.array(
    z.object({
      name: z.string(),
      command: z.string(),
      run: z.string().describe("How to start it, e.g. `npm run build`."),
      path,
      line: whole,
    }),
  ),
  tests: z.object({ files: whole, bytes: whole, paths: z.array(path) }),
  docs: z.array(z.object({ path, kind: z.string() })),
  licence: z.object({ spdx: z.string(), path: path.nullable(), confidence: z.number() }).nullable(),
  licences: z.array(z.object({ spdx: z.string(), path: path.nullable(), confidence: z.number() })),
  workspaces: z.array(z.object({ path, name: z.string(), ecosystem: z.string() })),
  largestFiles: z.array(z.object({ path, bytes: whole })),
  environment: z
    .array(z.object({ name: z.string(), uses: z.array(evidence) }))
    .describe("Environment variables read in code."),
});

const symbols = z.object({
  functions: whole.describe("Functions and methods."),
  classes: whole,
  types: whole,
  filesParsed: whole,
  mostComplex: z.array(
    z.object({
      path,
      name: z.string(),
      line: whole,
      endLine: whole,
      lines: whole,
      complexity: whole.describe("Cyclomatic."),
    }),
  ),
  largest: z.array(
    z.object({ path, name: z.string(), line: whole, endLine: whole, lines: whole, complexity: whole }),
  ),
  byLanguage: z.array(
    z.object({
      language: z.string(),
      functions: whole,
      classes: whole,
      types: whole,
      meanComplexity: z.number(),
    }),
  ),
});

const warning = z.object({ code: z.string(), message: z.string(), path: path.optional() });

/** The report of `repowright analyze`. Published as docs/reference/analysis.schema.json. */
export const analysisSchema = z.object({
  schema: z.literal(analysisSchemaName),
  repository: z.object({
    name: z.string(),
    source: z.string(),
    head: z.string().describe("Full id of the analysed commit."),
    branch: z
      .string()
      .nullable()
      .describe("Branch that HEAD names; null when detached or when --rev was given."),
    shallow: z.boolean(),
    since: z.string().nullable(),
  }),
  history,
  languages: z
    .array(language)
    .describe("Most bytes first; counts hold every text file, `share` only what linguist counts."),
  stack: z.array(stackItem),
  dependencies: z
    .array(dependency)
    .describe("Of every manifest that is neither vendored nor data for tests or templates."),
  structure,
  symbols,
  warnings: z.array(warning),
  timings: z.record(z.string(), z.number()).describe("Milliseconds by stage, names ending in Ms."),
});

export type Analysis = Frozen<z.output<typeof analysisSchema>>;
export type AnalysisHistory = Analysis["history"];
export type AnalysisLanguage = Analysis["languages"][number];
export type AnalysisSymbols = Analysis["symbols"];
export type AnalysisStructure = Analysis["structure"];

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/**
 * Does every place that answers a question exist?
 *
 *   node evals/check-questions.ts <folder of clones> …
 *
 * A clone is looked for under its own name, as `<folder>/<name>` or `<folder>/<owner>+<name>`. It need not be checked
 * out: files are read from the commit that the questions were written for.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type QuestionSet, readQuestionSets } from "./question-set.ts";

/** More questions that name what they look for would measure a search for names, not for meanings. */
const mostNaming = 0.25;

interface Findings {
  readonly problems: readonly string[];
  readonly places: number;
  readonly naming: number;
}

function check(set: QuestionSet, clone: string): Findings {
  const problems: string[] = [];
  let naming = 0;
  const files = new Map<string, readonly string[] | null>();
  const linesOf = (path: string): readonly string[] | null => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const text = read(clone, ["cat-file", "blob", `${set.commit}:${path}`]);
    const lines = text === null ? null : text.replace(/\n$/, "").split("\n");
    files.set(path, lines);
    return lines;
  };
  if (new Set(set.questions.map((one) => one.split)).size > 1)
    problems.push("has questions of both splits; a repository belongs to one");
  for (const { question, places } of set.questions) {
    if (places.some((place) => names(question, place))) naming++;
    for (const { path, startLine, endLine, symbol } of places) {
      const where = `${path}:${startLine}-${endLine}`;
      const lines = linesOf(path);
      if (lines === null) problems.push(`${where}: no such file at ${set.commit.slice(0, 10)}`);
      else if (startLine > endLine) problems.push(`${where}: ends before it starts`);
      else if (endLine > lines.length) problems.push(`${where}: the file has ${lines.length} lines`);
      else problems.push(...checkRange(where, lines.slice(startLine - 1, endLine), symbol));
    }
  }
  return { problems, places: set.questions.reduce((sum, one) => sum + one.places.length, 0), naming };
}

/** A range that was copied from another version begins or ends between two things. */
function checkRange(where: string, lines: readonly string[], symbol: string | null): string[] {
  const problems: string[] = [];
  if (lines[0]!.trim() === "") problems.push(`${where}: begins with an empty line`);
  if (lines.at(-1)!.trim() === "") problems.push(`${where}: ends with an empty line`);
  // A declaration may take some lines, with its decorators and type parameters.
  if (symbol !== null && !lines.slice(0, 4).join("\n").includes(symbol))
    problems.push(`${where}: ${symbol} is not declared in its first lines`);
  return problems;
}

function names(question: string, place: { readonly path: string; readonly symbol: string | null }): boolean {
  const file = place.path.slice(place.path.lastIndexOf("/") + 1);
  return (
    question.includes(file) ||
    (place.symbol !== null && place.symbol.length > 4 && question.includes(place.symbol))
  );
}

function findClone(folders: readonly string[], repository: string): string | null {
  const [owner, name] = repository.split("/");
  const candidates = folders.flatMap((folder) => [join(folder, name!), join(folder, `${owner}+${name}`)]);
  return (
    candidates.find((path) => existsSync(path) && read(path, ["rev-parse", "--git-dir"]) !== null) ?? null
  );
}

/** Null when Git cannot say. */
function read(folder: string, args: readonly string[]): string | null {
  try {
    return execFileSync("git", [...args], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write("usage: node evals/check-questions.ts <folder of clones> …\n");
  process.exit(2);
}

let failed = 0;
const total = { questions: 0, places: 0, naming: 0, development: 0, report: 0 };
const seen = new Set<string>();
for (const [name, set] of readQuestionSets()) {
  const clone = findClone(folders, set.repository);
  const hasCommit = clone !== null && read(clone, ["cat-file", "-e", `${set.commit}^{commit}`]) !== null;
  const found = hasCommit ? check(set, clone) : { problems: [], places: 0, naming: 0 };
  const problems = [
    ...(clone === null ? [`no clone of ${set.repository} in ${folders.join(", ")}`] : []),
    ...(clone !== null && !hasCommit ? [`commit ${set.commit} is not in ${clone}`] : []),
    ...found.problems,
    ...set.questions
      .filter(({ question }) => seen.has(question))
      .map(({ question }) => `asked twice: ${question}`),
  ];
  for (const { question } of set.questions) seen.add(question);
  const { split } = set.questions[0]!;
  total[split] += set.questions.length;
  total.questions += set.questions.length;
  total.places += found.places;
  total.naming += found.naming;
  failed += problems.length;
  process.stdout.write(
    `${name.padEnd(24)} ${split.padEnd(12)} ${set.questions.length} questions, ${found.places} places, ${found.naming} named: ${problems.length === 0 ? "ok" : "WRONG"}\n`,
  );
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
}
if (total.naming > total.questions * mostNaming) {
  failed++;
  process.stdout.write(
    `${total.naming} of ${total.questions} questions name what they look for; at most a quarter may\n`,
  );
}
process.stdout.write(
  `${total.questions} questions (${total.development} development, ${total.report} report), ${total.places} places, ${total.naming} questions name their file or symbol; ${failed} problems\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

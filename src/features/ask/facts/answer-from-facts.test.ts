import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { handMadeAnalysis } from "../../../../test/support/hand-made-analysis.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import { answerFromFacts } from "./answer-from-facts.ts";
import { factTopics } from "./topics.ts";

const say = (asked: string, analysis: Analysis = handMadeAnalysis): string | undefined =>
  answerFromFacts(asked, analysis)?.statement;
const withStructure = (changes: Partial<Analysis["structure"]>): Analysis => ({
  ...handMadeAnalysis,
  structure: { ...handMadeAnalysis.structure, ...changes },
});

describe("what is said", () => {
  test.each([
    ["Which licence?", "The licence is MIT (LICENSE). Parts of it have their own: vendor/zip/LICENSE Zlib."],
    [
      "Can I use this commercially?",
      "The licence is MIT (LICENSE). What that allows is said by its text; this is no legal advice.",
    ],
    ["What is it written in?", "By bytes of code: TypeScript (90%) and Shell (10%)."],
    ["Is it written in Rust?", "No file of it is Rust; most of it is TypeScript (90%)."],
    ["minimum node version", "It declares Node.js >=22.12 (package.json:6)."],
    ["which version of express does it use?", "It uses express 5.1.0 (package.json:30 asks for ^5.0.0)."],
    ["Is lodash a dependency?", "It uses lodash ^4 (package.json:41). It is there only for development."],
    ["What database does it use?", "Database: PostgreSQL (pg, package.json:31)."],
    ["How do I run the tests?", "Tests are run with `pnpm run test` (package.json:11)."],
    [
      "How do I install the dependencies?",
      "Dependencies are installed with `pnpm install`, as is usual with pnpm.",
    ],
    ["Where is DATABASE_URL read?", "DATABASE_URL is read in src/server/index.ts:12 and test/database.ts:3."],
    [
      "Where is DATABSE_URL read?",
      "DATABSE_URL is not read anywhere; DATABASE_URL is read in src/server/index.ts:12 and test/database.ts:3.",
    ],
    [
      "Who knows src/server?",
      "Those who changed src/server/ most are Ada Lovelace (70%, last commit 2024-05-06) and Grace Hopper (8%, last commit 2024-05-06).",
    ],
    [
      "Who owns src/server/tax.ts?",
      "Those who changed src/server/ most are Ada Lovelace (70%, last commit 2024-05-06) and Grace Hopper (8%, last commit 2024-05-06). Owners are known by folder: src/server/tax.ts is counted in src/server/.",
    ],
    [
      "How many commits are there?",
      "It has 1,200 commits, 100 merges among them, by 3 people (1 of them a bot).",
    ],
    [
      "Is it maintained?",
      "The last commit is of 2024-05-06; in the 52 weeks up to it there were 104 commits, and in the 52 weeks before those 156.",
    ],
    [
      "latest release",
      "The newest of 2 tags is cart-v2.0.0-rc.1 of 2024-05-06, the analysed commit. The highest version without a suffix is v1.4.0 of 2024-01-02.",
    ],
    [
      "Is it a monorepo?",
      "It is a monorepo of 2 packages: @acme/cart (packages/cart) and @acme/logger (packages/logger).",
    ],
  ])("%s", (asked, statement) => {
    expect(say(asked)).toBe(statement);
  });

  test("a person's identities count as one, and programs as nobody", () => {
    expect(say("Who wrote this?")).toBe(
      "Those with most of its 1,200 commits are Ada Lovelace (62.5%, last 2024-05-06) and Grace Hopper (25%, last 2024-05-06).",
    );
  });

  test("a whole folder is put together from its parts, and says that it knows no more", () => {
    const answer = answerFromFacts("who knows src", handMadeAnalysis)!;
    expect(answer.statement).toBe(
      "Those who changed src/ most are Ada Lovelace (at least 58.3%, last commit 2024-05-06) and Grace Hopper (at least 21.7%, last commit 2024-05-06).",
    );
    expect(answer.confidence).toBe("likely");
  });
});

describe("how sure it is", () => {
  test.each([
    ["Who knows src/server?", "certain"],
    ["Who knows src/sever?", "likely"],
    ["Where is DATABASE_URL read?", "certain"],
    ["Where is DATABSE_URL read?", "likely"],
    ["Does it use React?", "certain"],
    ["Does it use Kubernetes?", "likely"],
    ["How do I run the tests?", "certain"],
    ["How do I install it?", "likely"],
  ])("%s %s", (asked, confidence) => {
    expect(answerFromFacts(asked, handMadeAnalysis)?.confidence).toBe(confidence);
  });

  test("counts of a shallow clone are not those of the repository", () => {
    const shallow = { ...handMadeAnalysis, repository: { ...handMadeAnalysis.repository, shallow: true } };
    expect(answerFromFacts("how many commits are there", shallow)).toMatchObject({
      confidence: "likely",
      statement: expect.stringContaining("shallow clone"),
    });
  });
});

describe("what the report does not say is left or said to be unknown", () => {
  test("no licence", () => {
    expect(say("which licence?", withStructure({ licence: null, licences: [] }))).toBe(
      "No licence was recognised in the files of the repository.",
    );
  });

  test("a technology that would not have been recognised may be there all the same", () => {
    expect(say("Does it use jemalloc?")).toBeUndefined();
    expect(say("Does it use Redis?")).toContain("Nothing in its manifests");
    expect(say("Does it use Redis?", { ...handMadeAnalysis, dependencies: [] })).toBeUndefined();
  });

  test("a version that is a variable of the build", () => {
    const [, , , , logger] = handMadeAnalysis.dependencies;
    const dependencies = [{ ...logger!, name: "nunit", requirement: "$(NunitPackageVersion)" }];
    expect(say("which version of nunit is used?", { ...handMadeAnalysis, dependencies })).toBe(
      "It uses nunit (packages/cart/package.json:9); no version is given.",
    );
  });

  test("one version of several", () => {
    const [express] = handMadeAnalysis.dependencies;
    const other = { ...express!, version: "4.21.0", manifest: "packages/cart/package.json" };
    const example = { ...express!, version: "3.0.0", manifest: "examples/old/package.json" };
    const dependencies = [express!, other, example];
    expect(say("which version of express?", { ...handMadeAnalysis, dependencies })).toBe(
      "It uses express (package.json:30). Its manifests ask for 2 versions: 5.1.0 and 4.21.0.",
    );
  });

  test("the version of a dependency that only ends in the same name", () => {
    const gradle = { name: "Gradle", category: "build", evidence: [{ path: "build.gradle", line: 1 }] };
    const plugin = {
      ecosystem: "gradle",
      name: "com.android.tools.build:gradle",
      requirement: "9.1.1",
      scope: "build",
      manifest: "build.gradle",
      line: 7,
    } as const;
    const analysis = { ...handMadeAnalysis, stack: [gradle], dependencies: [plugin] };
    expect(say("Which Gradle version?", analysis)).toBe(
      "It uses Gradle (build.gradle:1); no version is given.",
    );
  });

  test("a variable that no code reads by name", () => {
    expect(say("Where is SHIPPING_COST read?")).toBeUndefined();
  });
});

test("a name from the repository cannot break the line or the terminal", () => {
  const hostile = withStructure({
    licence: { spdx: "MIT", path: "LIC\n\u001b[2JENSE", confidence: 1 },
    licences: [],
  });
  expect(say("which licence?", hostile)).toBe(String.raw`The licence is MIT (LIC\n\x1b[2JENSE).`);
});

test("no question makes it fail, whatever it is made of", () => {
  const words = factTopics
    .flatMap((topic) => topic.examples.answered)
    .join(" ")
    .split(/\s+/);
  const question = oneof(
    string(),
    array(oneof(constantFrom(...words), string({ maxLength: 6 })), { maxLength: 12 }).map((parts) =>
      parts.join(" "),
    ),
  );
  assert(
    property(question, (asked) => {
      const answer = answerFromFacts(asked, handMadeAnalysis);
      return answer === null || answer.statement.endsWith(".");
    }),
    { numRuns: 2000 },
  );
});

import { closest } from "../../../../base/closest.ts";
import type { Analysis } from "../../../../contracts/analysis.ts";
import { isMinorPath } from "../../../../core/repository/stack/minor-paths.ts";
import { isTestPath } from "../../../../core/repository/structure/find-tests.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, lineOf, plural } from "../wording.ts";

const words = wordsOf(
  "environment variable variables read reads used needs need needed required configured configure configuration set recognised recognized supported respects honours honors where settings take takes",
);
const asksList = /\benvironment variables?\b/i;
const asksOne =
  /^(?:where|which (?:file|files|code|part)|who|what) (?:is|are|reads?|uses?|does)? ?(?:the )?(?:environment variable )?(?<name>\$?[A-Za-z_]\w*)(?: environment variable)?(?: (?:read|used|consumed|accessed|looked up|evaluated))?(?: from)?(?: in)?(?: it)?$/i;
const usesOne =
  /^(?:is|does it (?:use|read|look at|honou?r|respect)) (?:the )?(?:environment variable )?(?<name>\$?[A-Z_][A-Z0-9_]+)(?: environment variable)?(?: (?:read|used|supported))?$/;

export const environmentVariables: FactTopic = {
  id: "environment-variables",
  examples: {
    answered: [
      "Which environment variables does it read?",
      "what env vars are there?",
      "Where is DATABASE_URL read?",
      "where is the env var LOG_LEVEL used?",
      "Where is DATABSE_URL read?",
      "is DATABASE_URL used?",
    ],
    left: [
      "Where are environment variables expanded in commands?",
      "Where is MAX_BODY_SIZE enforced?",
      "Where is the session read?",
      "Which function parses environment variables?",
      "Where is MAX_RETRIES read?",
    ],
  },
  find(question, { structure }) {
    const { text } = question;
    const one = asksOne.exec(text)?.groups?.["name"] ?? usesOne.exec(text)?.groups?.["name"];
    if (one !== undefined && /[A-Z]/.test(one) && one === one.toUpperCase())
      return describeOne(one.replace("$", ""), structure);
    if (!asksList.test(text) || !isOnlyAbout(question, words)) return null;
    const environment = ownFirst(structure.environment);
    if (environment.length === 0)
      return {
        statement: "No code was seen to read an environment variable by name.",
        evidence: [],
        confidence: "likely",
      };
    return {
      statement: `Its code reads ${plural(environment.length, "environment variable")} by name: ${enumerate(
        environment.map((variable) => variable.name),
        15,
      )}.`,
      evidence: environment
        .slice(0, 15)
        .map(({ name, uses }) => ({ path: uses[0]!.path, ...lineOf(uses[0]!.line), note: name })),
      confidence: "certain",
    };
  },
};

/** Variables that only tests and tools read come last. */
function ownFirst(environment: Analysis["structure"]["environment"]): Analysis["structure"]["environment"] {
  const own = environment.map((one) => ({ ...one, uses: one.uses.toSorted(byOwn) }));
  return own.toSorted((a, b) => byOwn(a.uses[0]!, b.uses[0]!));
}

function byOwn(a: { readonly path: string }, b: { readonly path: string }): number {
  return Number(isBeside(a.path)) - Number(isBeside(b.path));
}

function isBeside(path: string): boolean {
  return isMinorPath(path) || isTestPath(path);
}

function describeOne(asked: string, { environment }: Analysis["structure"]): Fact | null {
  const names = environment.map((variable) => variable.name);
  const name = names.includes(asked) ? asked : asked.length < 6 ? null : closest(asked, names);
  const variable = environment.find((candidate) => candidate.name === name);
  if (!variable) return null;
  const uses = variable.uses.toSorted(byOwn);
  const guess = variable.name === asked ? "" : `${asked} is not read anywhere; `;
  return {
    statement: `${guess}${variable.name} is read in ${enumerate(
      uses.map((use) => `${use.path}:${use.line}`),
      5,
    )}.`,
    evidence: uses
      .slice(0, 12)
      .map((use) => ({ path: use.path, ...lineOf(use.line), note: `reads ${variable.name}` })),
    confidence: guess === "" ? "certain" : "likely",
  };
}

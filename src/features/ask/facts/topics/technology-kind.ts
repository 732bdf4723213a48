import type { Analysis } from "../../../../contracts/analysis.ts";
import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, stackEvidence, withVersion } from "../wording.ts";

interface Kind {
  readonly asked: RegExp;
  readonly categories: readonly string[];
  readonly noun: string;
}

/** What people call a part of a stack. The more special come first. */
const kinds: readonly Kind[] = [
  { asked: /\borms?\b|\bobject[ -]relational/i, categories: ["orm"], noun: "object-relational mapper" },
  {
    asked:
      /\b(test|testing|unit test) (framework|frameworks|library|libraries|runner|tool|tools|tooling|stack)\b/i,
    categories: ["test"],
    noun: "test tool",
  },
  {
    asked: /\blint(er|ers|ing)?\b|\bformatter\b|\bcode style tool/i,
    categories: ["lint"],
    noun: "linter or formatter",
  },
  {
    asked: /\b(message |job |task )?queues?( system| library)?\b|\bmessage broker\b/i,
    categories: ["queue"],
    noun: "queue",
  },
  { asked: /\b(database|databases|db|data store|datastore)\b/i, categories: ["database"], noun: "database" },
  {
    asked: /\b(build|bundler) (tool|tools|system)\b|\bbundler\b/i,
    categories: ["build"],
    noun: "build tool",
  },
  {
    asked: /\b(web |ui |frontend |backend |http |server )?frameworks?\b/i,
    categories: ["framework"],
    noun: "framework",
  },
  { asked: /\b(cloud|hosting)( provider| platform)?\b/i, categories: ["cloud"], noun: "cloud" },
  { asked: /\b(monitoring|observability|error tracking)\b/i, categories: ["monitoring"], noun: "monitoring" },
  {
    asked: /\b(ai|llm|machine learning|ml) (library|libraries|framework|provider|providers|stack|tools)\b/i,
    categories: ["ai"],
    noun: "AI library",
  },
  {
    asked: /\b(tech|technology) ?stack\b|^what is (?:the|it) stack\b|\bwhich technologies\b/i,
    categories: ["language-runtime", "framework", "database", "queue", "orm"],
    noun: "stack",
  },
];
const words = wordsOf(
  "orm orms object relational mapper test testing tests unit framework frameworks library libraries runner tool tools",
  "tooling stack lint linter linters linting formatter code style message job task queue queues system broker database",
  "databases db data store datastore build bundler web ui frontend backend http server cloud hosting provider platform",
  "monitoring observability error tracking ai llm machine learning ml providers tech technology technologies kind",
  "built based run runs rely relies depend depends need needs require requires linted",
);

export const technologyKind: FactTopic = {
  id: "technology-kind",
  examples: {
    answered: [
      "What database does it use?",
      "Which ORM is used?",
      "which test framework do we use?",
      "what web framework is it built on",
      "which linter?",
      "What is the tech stack?",
    ],
    left: [
      "How does it connect to the database?",
      "Where is the database schema defined?",
      "Which framework hooks run before a request?",
      "Where are jobs put on the queue?",
      "Which test covers the queue?",
      "What happens when the database is down?",
    ],
  },
  find(question, { stack, languages, dependencies }) {
    const kind = kinds.find(({ asked }) => asked.test(question.text));
    if (!kind || !isOnlyAbout(question, words)) return null;
    // A question of one word more than the kind itself names no use: `the queue`, `error tracking`.
    if (!/\b(what|which|does|do|is|are|used?|uses)\b/i.test(question.text)) return null;
    const found = stack.filter((item) => kind.categories.includes(item.category));
    if (found.length === 0) return null;
    const named = found
      .toSorted((a, b) => kind.categories.indexOf(a.category) - kind.categories.indexOf(b.category))
      .map(
        (item) =>
          `${withVersion(item.name, item.version)}${found.length > 4 ? "" : shownBy(item, dependencies)}`,
      );
    const main = kind.noun === "stack" ? languages.toSorted((a, b) => b.share - a.share)[0] : undefined;
    return {
      statement: `${kind.noun[0]!.toUpperCase()}${kind.noun.slice(1)}: ${enumerate(named, 12)}${main ? `; mostly written in ${main.name}` : ""}.`,
      evidence: found.slice(0, 12).flatMap((item) => stackEvidence(item, 1)),
      confidence: isOfTheWorkshop(kind) ? "certain" : "likely",
    };
  },
};

/** A library for a database does not mean that the database is used: it may be a part of it that is wanted. */
function isOfTheWorkshop(kind: Kind): boolean {
  return kind.categories.every((category) => ["test", "lint", "build", "orm"].includes(category));
}

/** ` (the dependency, where it is)`: it tells whether a driver, an image or a file showed the technology. */
function shownBy(item: Analysis["stack"][number], dependencies: Analysis["dependencies"]): string {
  const place = item.evidence[0];
  if (!place) return "";
  const dependency = dependencies.find((one) => one.manifest === place.path && one.line === place.line);
  const name =
    dependency && dependency.name.toLowerCase() !== item.name.toLowerCase() ? `${dependency.name}, ` : "";
  return ` (${name}${place.path}${dependency ? `:${place.line}` : ""})`;
}

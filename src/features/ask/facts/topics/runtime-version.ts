import type { Analysis } from "../../../../contracts/analysis.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";

/** Words for a runtime, and its name in the report. */
const runtimes: readonly (readonly [RegExp, string])[] = [
  [/\bnode(\.?js)?\b/i, "Node.js"],
  [/\bpython3?\b/i, "Python"],
  [/\b(go|golang)\b/i, "Go"],
  [/\b(rust|rustc|msrv)\b/i, "Rust"],
  [/\bruby\b/i, "Ruby"],
  [/\bphp\b/i, "PHP"],
  [/\b(java|jdk|jre|jvm)\b/i, "Java"],
  [/(^|\s)(\.net|dotnet)\b/i, ".NET"],
  [/\belixir\b/i, "Elixir"],
  [/\bswift\b/i, "Swift"],
  [/\bkotlin\b/i, "Kotlin"],
  [/\bdart\b/i, "Dart"],
];
const words = wordsOf(
  "node node\\.?js python3? go golang rust rustc msrv ruby php java jdk jre jvm \\.net dotnet elixir swift kotlin dart",
  "version versions runtime runtimes language minimum minimal lowest oldest least required require requires needed need",
  "needs supported supports support expect expects compatible run runs build compile install installed target targets sdk",
);
const asks = /\b(versions?|minimum|minimal|lowest|oldest|msrv)\b|\bwhich (jdk|java|\.net) /i;
const versionFile = /(^|\/)\.[\w-]*version$|(^|\/)(\.nvmrc|\.tool-versions|rust-toolchain|global\.json)/;

export const runtimeVersion: FactTopic = {
  id: "runtime-version",
  examples: {
    answered: [
      "Which Node version is needed?",
      "minimum node.js version?",
      "What version of node does it require?",
      "which runtime version do I need?",
      "What's the minimum supported NodeJS version",
    ],
    left: [
      "Which function checks the Node version?",
      "Where is the minimum Go version enforced?",
      "Does it run on Node 12?",
      "What is the minimum length of a password?",
      "How are versions compared?",
    ],
  },
  find(question, analysis) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    const named = runtimes.find(([pattern]) => pattern.test(question.text));
    if (!named && !/\b(runtime|language|sdk)s?\b/i.test(question.text)) return null;
    const items = analysis.stack.filter(
      (item) => item.category === "language-runtime" && (!named || item.name === named[1]),
    );
    const known = items.filter((item) => item.version !== undefined);
    if (known.length === 0 && !(named && items.length > 0)) return null;
    return describe(known, named?.[1] ?? "", items);
  },
};

type Item = Analysis["stack"][number];

function describe(known: readonly Item[], name: string, items: readonly Item[]): Fact {
  const evidence = (known.length > 0 ? known : items).flatMap((item) =>
    tellingPlaces(item).map(({ path, line }) => ({
      path,
      startLine: line,
      endLine: line,
      note: item.version === undefined ? item.name : `${item.name} ${item.version}`,
    })),
  );
  if (known.length === 0)
    return {
      statement: `It uses ${name}, but no version is declared.`,
      evidence,
      confidence: "likely",
    };
  const isDeclared = known.every((item) => tellingPlaces(item).some(({ path }) => !isCi(path)));
  return {
    statement: known
      .map((item) => {
        const place = tellingPlaces(item)[0];
        const where = place ? ` (${place.path}:${place.line})` : "";
        return place && isCi(place.path)
          ? `No required version of ${item.name} was found; CI runs it with ${item.version}${where}.`
          : `It declares ${item.name} ${item.version}${where}.`;
      })
      .join(" "),
    evidence: evidence.slice(0, 8),
    confidence: isDeclared ? "certain" : "likely",
  };
}

/** Places that can hold a version: line 1 of a manifest only says that there is a manifest. */
function tellingPlaces(item: Item): Item["evidence"] {
  const telling = item.evidence.filter(({ path, line }) => line > 1 || versionFile.test(path));
  return telling.toSorted((a, b) => Number(isCi(a.path)) - Number(isCi(b.path))).slice(0, 3);
}

function isCi(path: string): boolean {
  return /^\.(github|circleci)\/|^\.(gitlab-ci|travis)\.yml$|azure-pipelines/.test(path);
}

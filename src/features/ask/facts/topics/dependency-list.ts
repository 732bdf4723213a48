import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "dependency dependencies depend depends how many much number count main direct runtime development dev production libraries packages external",
  "third-party third party rely relies",
);
const asks =
  /\bdependencies\b|^what does it (depend|rely) on$|\b(third[ -]party|external) (libraries|packages)\b/i;

export const dependencyList: FactTopic = {
  id: "dependency-list",
  examples: {
    answered: [
      "How many dependencies does it have?",
      "What are its dependencies?",
      "what does this project depend on?",
      "list the runtime dependencies",
    ],
    left: [
      "How are dependencies resolved?",
      "Which dependencies are outdated?",
      "Where are the dependencies of a task collected?",
      "how many dependencies can a plugin have",
    ],
  },
  find(question, { dependencies }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    if (/\bhow\b/i.test(question.text) && !/\bhow many\b/i.test(question.text)) return null;
    if (/\bcan\b/i.test(question.text)) return null;
    const own = dependencies.filter((one) => !one.shared && !one.indirect && one.ecosystem !== "docker");
    if (own.length === 0) return null;
    const wanted = /\b(dev|development)\b/i.test(question.text)
      ? own.filter((one) => one.scope === "development" || one.scope === "test")
      : /\b(runtime|production|direct|main)\b/i.test(question.text)
        ? own.filter((one) => one.scope === "runtime")
        : own;
    if (wanted.length === 0) return null;
    const manifests = new Map<string, typeof wanted>();
    for (const one of wanted) manifests.set(one.manifest, [...(manifests.get(one.manifest) ?? []), one]);
    const names = (scope: "runtime" | "other"): string[] => [
      ...new Set(
        wanted.filter((one) => (one.scope === "runtime") === (scope === "runtime")).map((one) => one.name),
      ),
    ];
    const runtime = names("runtime");
    const other = names("other");
    const all = new Set(wanted.map((one) => one.name)).size;
    const most = [...manifests].sort((a, b) => b[1].length - a[1].length);
    const listed =
      runtime.length > 0
        ? `At run time ${runtime.length === 1 ? "it is" : "they are"} ${enumerate(runtime, 10)}.`
        : `They are ${enumerate(other, 10)}.`;
    return {
      statement: `Its ${plural(manifests.size, "manifest")} ${manifests.size === 1 ? "declares" : "declare"} ${plural(all, "dependency", "dependencies")} by name, ${runtime.length} of them at run time. ${listed}`,
      evidence: most
        .slice(0, 8)
        .map(([path, list]) => ({ path, note: plural(list.length, "dependency", "dependencies") })),
      confidence: "certain",
    };
  },
};

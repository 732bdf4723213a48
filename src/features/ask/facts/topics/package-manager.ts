import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, stackEvidence } from "../wording.ts";

const words = wordsOf(
  "package dependency manager managers tool npm yarn pnpm bun pip poetry uv or maven gradle",
);
const asks =
  /\bpackage managers?\b|\bdependency manager\b|^(is it |does it use )?(npm|yarn|pnpm|bun|pip|poetry|uv|maven|gradle)(,? or | or | vs )/i;

export const packageManager: FactTopic = {
  id: "package-manager",
  examples: {
    answered: [
      "Which package manager does it use?",
      "npm or yarn?",
      "what's the package manager",
      "is it npm or pnpm?",
    ],
    left: [
      "Where is the package manager detected?",
      "How does the package manager resolve a version range?",
      "Which class represents a package manager?",
    ],
  },
  find(question, { stack }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    const managers = stack.filter((item) => item.category === "package-manager");
    const builders =
      managers.length > 0 ? [] : stack.filter((item) => /^(Maven|Gradle|sbt|CMake)$/.test(item.name));
    const found = [...managers, ...builders];
    if (found.length === 0) return null;
    const names = found.map((item) =>
      item.version === undefined ? item.name : `${item.name} ${item.version}`,
    );
    return {
      statement: `It uses ${enumerate(names)}.`,
      evidence: found.flatMap((item) => stackEvidence(item, 2)),
      confidence: "certain",
    };
  },
};

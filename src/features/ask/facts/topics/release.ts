import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { day, plural } from "../wording.ts";

const words = wordsOf(
  "which when how many last latest newest current recent most release releases released version tag tags branch default main master commit analysed analyzed checked out head revision published number",
);
const aboutBranch =
  /\b(which|what|default|main|current)( is the)?( default| main| current)? branch\b|^(which|what) (commit|revision)\b/i;
const aboutRelease =
  /\b(last|latest|newest|current|most recent) (release|version|tag)\b|^when was (it|this) (last )?released$|^(what|which) version (is|of) (it|this)( (is )?(it|this))?$|^(what|which) (is the )?version( is (it|this))?$|^how many (releases|tags|versions)\b|^(what|which) (it )?version is (it|this)$/i;

/** A highest version that is older is of a way of naming that was given up. */
const longAgoMs = 400 * 86_400_000;

export const release: FactTopic = {
  id: "release",
  examples: {
    answered: [
      "What is the latest release?",
      "which branch is this?",
      "When was the last release?",
      "what version is this",
      "how many releases are there?",
      "which commit was analysed?",
    ],
    left: [
      "Which version of the schema is current?",
      "Where is the version number bumped?",
      "When is a lock released?",
      "How are old versions migrated?",
      "Which branch of the condition handles null?",
    ],
  },
  find(question, { history, repository }) {
    const { text } = question;
    if (!isOnlyAbout(question, words)) return null;
    if (aboutBranch.test(text)) {
      const branch = repository.branch === null ? "no branch" : `branch ${repository.branch}`;
      return {
        statement: `Commit ${repository.head.slice(0, 12)} was analysed, on ${branch}${/\b(default|main)\b/i.test(text) ? "; which branch is the default is known to its host only" : ""}.`,
        evidence: [],
        confidence: /\b(default|main)\b/i.test(text) ? "likely" : "certain",
      };
    }
    if (!aboutRelease.test(text)) return null;
    const [newest] = history.tags;
    if (!newest)
      return { statement: "It has no tags, so no release is known.", evidence: [], confidence: "likely" };
    // Parts of a monorepo (`axum-v0.8.1`), previews and repairs of old releases are tagged in between.
    const plain = history.tags
      .map((tag) => ({ ...tag, numbers: versionOf(tag.name, repository.name) }))
      .filter((tag) => tag.numbers.length > 1)
      .toSorted((a, b) => compareVersions(b.numbers, a.numbers))[0];
    const release =
      plain && plain.name !== newest.name && Date.parse(newest.at) - Date.parse(plain.at) < longAgoMs
        ? ` The highest version without a suffix is ${plain.name} of ${day(plain.at)}.`
        : "";
    return {
      statement: `The newest of ${plural(history.tags.length, "tag")} is ${newest.name} of ${day(newest.at)}${newest.commit === repository.head ? ", the analysed commit" : ""}.${release}`,
      evidence: [],
      confidence: plain?.name === newest.name && !/\bversion\b/i.test(text) ? "certain" : "likely",
    };
  },
};

/** The numbers of a tag that is a version, of the repository if of anything by name; none of other tags. */
function versionOf(tag: string, repository: string): readonly number[] {
  const own = tag.toLowerCase().startsWith(repository.toLowerCase()) ? tag.slice(repository.length) : tag;
  const numbers = /^[-_@/]?(?:v|release-|rel-|r)?(?<numbers>\d+(?:[._]\d+)+)$/i.exec(own)?.groups?.[
    "numbers"
  ];
  return numbers === undefined ? [] : numbers.split(/[._]/).map(Number);
}

function compareVersions(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

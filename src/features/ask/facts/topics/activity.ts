import { formatCount } from "../../../../base/text.ts";
import type { Analysis } from "../../../../contracts/analysis.ts";
import { groupPersons } from "../../../../core/analysis/history/group-persons.ts";
import { isBot } from "../../../../core/analysis/history/persons.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { day, plural } from "../wording.ts";

const words = wordsOf(
  "when how old age long start started begin begun began created creation first last latest newest recent commit commits",
  "committed maintained active actively activity alive dead abandoned unmaintained still developed development stale updated many contributors contributor authors",
  "people persons developers contributed contribute worked work works date ago number count history exist existed around big much is",
);
const aboutCount =
  /\bhow many (commits|contributors|authors|people|persons|developers)\b|\bnumber of (commits|contributors|authors|developers)\b|\b(commit|contributor) count\b/i;
const aboutStart =
  /^when (was|did) (it|the first commit|this|development|the development) ?(start|started|begin|begun|created|made|first (created|committed)|born|published)?( of it)?$|^how old is (it|this)$|^(what is )?its age$|\bfirst commit\b|^how long (has|does) (it|this) (been|exist|existed)( around)?$/i;
const aboutLife =
  /\b(maintained|unmaintained|abandoned|alive|dead|stale)\b|\b(is|are) (it|this) (still )?(active|actively developed|being developed|developed|updated)\b|\b(last|latest|newest|most recent) commit\b|\bwhen was (it|this) last (updated|changed|committed( to)?|touched)\b|^how active\b/i;

export const activity: FactTopic = {
  id: "activity",
  examples: {
    answered: [
      "When did it start?",
      "How old is the project?",
      "Is it still maintained?",
      "How many commits are there?",
      "how many contributors does it have?",
      "When was the last commit?",
      "is this repo dead?",
    ],
    left: [
      "When does a session start?",
      "How many commits does the importer read at once?",
      "How long does a token live?",
      "When is the cache updated?",
      "When is it started?",
      "Where are dead jobs kept?",
      "How many people can edit a document?",
      "How is the last commit found?",
    ],
  },
  find(question, { history, repository }) {
    const { text } = question;
    const isCount = aboutCount.test(text);
    if (!isCount && !aboutStart.test(text) && !aboutLife.test(text)) return null;
    if (!isOnlyAbout(question, words) || /\b(how (is|are|does) (the|a)|can|where|who)\b/i.test(text))
      return null;
    const { firstCommitAt, lastCommitAt } = history;
    if (firstCommitAt === null || lastCommitAt === null) return null;
    const partial = repository.shallow
      ? " Only a part of the history is in this shallow clone."
      : repository.since === null
        ? ""
        : ` Only the history since ${repository.since} was read.`;
    const fact = isCount
      ? counts(history)
      : aboutStart.test(text)
        ? start(firstCommitAt, lastCommitAt)
        : life(history, lastCommitAt);
    return {
      statement: `${fact.statement}${partial}`,
      evidence: [],
      confidence: partial === "" ? fact.confidence : "likely",
    };
  },
};

type Part = Pick<Fact, "statement" | "confidence">;

function counts(history: Analysis["history"]): Part {
  const bots = groupPersons(history.authors).filter(isBot).length;
  return {
    statement: `It has ${plural(history.commits, "commit")}, ${plural(history.merges, "merge")} among them, by ${plural(history.people, "person", "people")}${bots > 0 ? ` (${bots} of them ${bots === 1 ? "a bot" : "bots"})` : ""}.`,
    confidence: "certain",
  };
}

function start(first: string, last: string): Part {
  const years = (Date.parse(last) - Date.parse(first)) / (365.25 * 86_400_000);
  const span = years >= 2 ? `${years.toFixed(1)} years` : plural(Math.round(years * 12), "month");
  return {
    statement: `The first commit is of ${day(first)}, ${span} before the last one (${day(last)}).`,
    confidence: "certain",
  };
}

function life(history: Analysis["history"], last: string): Part {
  const year = history.activity.slice(-52);
  const commits = year.reduce((sum, week) => sum + week.commits, 0);
  const before = history.activity.slice(-104, -52).reduce((sum, week) => sum + week.commits, 0);
  const compared =
    history.activity.length >= 104 ? `, and in the 52 weeks before those ${formatCount(before)}` : "";
  return {
    statement: `The last commit is of ${day(last)}; in the 52 weeks up to it there were ${plural(commits, "commit")}${compared}.`,
    confidence: "certain",
  };
}

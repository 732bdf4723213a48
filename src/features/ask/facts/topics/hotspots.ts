import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "hotspot hotspots hot spot spots churn files file change changes changed changing most often frequently frequent where how much commits",
  "modified edited touched code top biggest highest",
);
const asks =
  /\bhot ?-?spots?\b|\bchurn\b|\bfiles? .*\b(change|changes|changed|modified|edited|touched)\b.*\b(most|often|frequently)\b|\b(most|often|frequently) (often |frequently )?(changed|modified|edited|touched|changing) files?\b/i;

export const hotspots: FactTopic = {
  id: "hotspots",
  examples: {
    answered: [
      "Which files change most often?",
      "What are the hotspots?",
      "most frequently changed files?",
      "which file is modified most",
    ],
    left: [
      "Where are hotspots computed?",
      "Which files are watched for changes?",
      "How is a changed file detected most cheaply?",
    ],
  },
  find(question, { history }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words) || /\bhow\b/i.test(question.text))
      return null;
    if (history.hotspots.length === 0) return null;
    const isByCommits = !/\bhot ?-?spots?\b/i.test(question.text);
    const listed = isByCommits
      ? history.hotspots.toSorted((a, b) => b.commits - a.commits)
      : history.hotspots;
    const top = listed.slice(0, 5);
    const named = top.map(
      (file) => `${file.path} (${plural(file.commits, "commit")}, ${plural(file.lines, "line")})`,
    );
    return {
      statement: isByCommits
        ? `Of its ${plural(history.hotspots.length, "hotspot")} (commits × lines), those that change most often are ${enumerate(named)}.`
        : `Its hotspots, by commits × lines, are ${enumerate(named)}.`,
      evidence: listed
        .slice(0, 10)
        .map((file) => ({ path: file.path, note: plural(file.commits, "commit") })),
      // A small file that changes even more often is no hotspot, so it is not in the list.
      confidence: isByCommits ? "likely" : "certain",
    };
  },
};

import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, lineOf } from "../wording.ts";

const words = wordsOf(
  "entrypoint entrypoints main file files function method program where start starts begin begins execution how code reading look point start",
);
const asks =
  /\bentrypoints?\b|^where does (it|execution|the program|everything) (start|begin)s?$|^(where|what|which) is the main (file|function|method|program)\b|^where (do|should) (i|we) start reading\b/i;

export const entryPoints: FactTopic = {
  id: "entry-points",
  examples: {
    answered: [
      "What are the entry points?",
      "Where does it start?",
      "where is the main function?",
      "what is the entrypoint of this app",
    ],
    left: [
      "Where does the server start listening?",
      "Which function is the main loop?",
      "Where does a transaction begin?",
      "What is the main function of the cache?",
    ],
  },
  find(question, { structure }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    const found = structure.entryPoints;
    if (found.length === 0) return null;
    return {
      statement: `It starts at ${enumerate(
        found.map(
          (entry) => `${entry.path}${entry.line === undefined ? "" : `:${entry.line}`} (${entry.why})`,
        ),
        4,
      )}.`,
      evidence: found
        .slice(0, 8)
        .map((entry) => ({ path: entry.path, ...lineOf(entry.line), note: `${entry.name}: ${entry.why}` })),
      confidence: found.some((entry) => /declared|ENTRYPOINT|CMD|process/.test(entry.why))
        ? "certain"
        : "likely",
    };
  },
};

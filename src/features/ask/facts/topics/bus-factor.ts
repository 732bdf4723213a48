import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf("busfactor truck factor how high low many people key knowledge who");
const asks = /\bbusfactor\b|\btruck factor\b|\bkey (people|authors|persons)\b/i;

export const busFactor: FactTopic = {
  id: "bus-factor",
  examples: {
    answered: ["What is the bus factor?", "how high is the truck factor", "Who are the key people?"],
    left: [
      "Which module computes the bus factor?",
      "What is the load factor of the hash table?",
      "Where are key people stored?",
    ],
  },
  find(question, { history }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words) || history.busFactor === 0) return null;
    const named = history.keyAuthors.map(
      (author) => `${author.name} (author of ${plural(author.files, "file")})`,
    );
    return {
      statement: `The bus factor is ${history.busFactor}: without ${enumerate(named, 6)}, more than half of the files would have no author left.`,
      evidence: [],
      confidence: "certain",
    };
  },
};

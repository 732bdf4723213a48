import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, stackEvidence } from "../wording.ts";

const words = wordsOf(
  "ci ci/cd cd continuous integration pipeline pipelines system service provider configured configuration config where set up defined workflow workflows",
);
const asks = /\bci(\/cd)?\b|\bcontinuous integration\b|\b(ci|build) pipelines?\b/i;

export const continuousIntegration: FactTopic = {
  id: "continuous-integration",
  examples: {
    answered: [
      "Which CI does it use?",
      "is there continuous integration?",
      "Where is CI configured?",
      "what CI system is used",
    ],
    left: [
      "What runs on CI?",
      "Which tests are skipped on CI?",
      "Where does the pipeline retry a stage?",
      "How does it detect that it runs on CI?",
      "Where are pipelines defined?",
    ],
  },
  find(question, { stack }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    const found = stack.filter((item) => item.category === "ci");
    if (found.length === 0)
      return {
        statement: "No configuration of a CI service was recognised.",
        evidence: [],
        confidence: "likely",
      };
    return {
      statement: `CI: ${enumerate(found.map((item) => item.name))}.`,
      evidence: found.flatMap((item) => stackEvidence(item, 5)),
      confidence: "certain",
    };
  },
};

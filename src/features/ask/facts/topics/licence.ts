import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate } from "../wording.ts";

const words = wordsOf(
  "licenc(e|es|ed|ing) where how kind type sort under terms released distributed published covered",
  "commercial commercially business company work product sell selling modify fork redistribute",
  "free open closed source open-source copyleft permissive proprietary file text legally allowed permitted spdx",
);
/** Whether a use is allowed is a question for the text itself. */
const isAboutUse =
  /\b(commercial(ly)?|sell(ing)?|modify|fork|redistribute|company|business|allowed|permitted|legally)\b/i;
const isAboutLicence =
  /\b(licenc(e|es|ed|ing)|copyleft|permissive|proprietary|open[ -]source|closed[ -]source)\b/i;

export const licence: FactTopic = {
  id: "licence",
  examples: {
    answered: [
      "Which license is this under?",
      "What licence does the project use?",
      "How is it licensed",
      "May I use this commercially?",
      "Is it open source?",
      "can I use this in a commercial product?",
      "where is the licence file?",
      "what lisence is it?",
    ],
    left: [
      "Where is the licence header checked?",
      "Which function detects the licence of a dependency?",
      "What licences do the dependencies have?",
      "How does the license key expire?",
      "Where are the open file handles closed?",
    ],
  },
  find(question, { structure }) {
    const { text } = question;
    if (!isAboutLicence.test(text) && !/\bcommercial(ly)?\b/i.test(text)) return null;
    if (!isOnlyAbout(question, words)) return null;
    if (/\bhow\b/i.test(text) && !/\bhow (is|are|was) (it|this) licenced\b/i.test(text)) return null;
    const found = structure.licence;
    const advice = isAboutUse.test(text)
      ? " What that allows is said by its text; this is no legal advice."
      : "";
    if (!found)
      return {
        statement: `No licence was recognised in the files of the repository.${advice}`,
        evidence: structure.licences.flatMap(({ path, spdx }) =>
          path === null ? [] : [{ path, note: spdx }],
        ),
        confidence: "likely",
      };
    const others = structure.licences.filter(
      (other) => other.path !== null && other.path.includes("/") && other.spdx !== found.spdx,
    );
    const place = found.path === null ? "" : ` (${found.path})`;
    const beside =
      others.length === 0 || advice !== ""
        ? ""
        : ` Parts of it have their own: ${enumerate(
            others.map((other) => `${other.path} ${other.spdx}`),
            3,
          )}.`;
    return {
      statement: `The licence is ${found.spdx}${place}.${advice}${beside}`,
      evidence: structure.licences
        .filter((other) => other.path !== null && (other.path === found.path || !other.path.includes("/")))
        .map((other) => ({ path: other.path!, note: other.spdx })),
      confidence: found.confidence >= 0.9 ? "certain" : "likely",
    };
  },
};

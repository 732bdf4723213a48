import { formatBytes } from "../../../../base/text.ts";
import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "most complex complicated complexity hardest function functions method methods code longest largest biggest file files where highest follow understand top",
);
const complex =
  /\b(most complex|most complicated|highest complexity|hardest)\b.*\b(functions?|methods?|code)\b|\b(functions?|methods?|code)\b.*\b(most complex|most complicated|highest complexity|hardest)\b|^where is the (most complex|most complicated|hardest)\b/i;
const long =
  /\b(longest|largest|biggest) (functions?|methods?)\b|\b(functions?|methods?) (is|are) (the )?(longest|largest|biggest)$/i;
const large = /\b(largest|biggest|longest) files?\b|\bfiles? (is|are) (the )?(largest|biggest|longest)$/i;

export const complexity: FactTopic = {
  id: "complexity",
  examples: {
    answered: [
      "What are the most complex functions?",
      "Which function is the longest?",
      "which methods are hardest to understand?",
      "largest files?",
    ],
    left: [
      "Which function handles the most complex queries?",
      "Where is the largest file size enforced?",
      "What is the longest allowed name?",
      "which function computes the complexity",
    ],
  },
  find(question, { symbols, structure }) {
    const { text } = question;
    const isComplex = complex.test(text);
    if (!(isComplex || long.test(text) || large.test(text)) || !isOnlyAbout(question, words)) return null;
    if (large.test(text)) {
      const files = structure.largestFiles;
      if (files.length === 0) return null;
      return {
        statement: `Its largest files are ${enumerate(files.slice(0, 5).map((file) => `${file.path} (${formatBytes(file.bytes)})`))}.`,
        evidence: files.slice(0, 8).map((file) => ({ path: file.path, note: formatBytes(file.bytes) })),
        confidence: "certain",
      };
    }
    const found = isComplex ? symbols.mostComplex : symbols.largest;
    if (found.length === 0) return null;
    const named = found
      .slice(0, 5)
      .map(
        (one) =>
          `${one.name} (${one.path}:${one.line}, ${isComplex ? `complexity ${one.complexity}` : plural(one.lines, "line")})`,
      );
    return {
      statement: `${isComplex ? "By cyclomatic complexity" : "By lines"}: ${enumerate(named)}.`,
      evidence: found.slice(0, 8).map((one) => ({
        path: one.path,
        startLine: one.line,
        endLine: one.endLine,
        note: `${one.name}: complexity ${one.complexity}, ${plural(one.lines, "line")}`,
      })),
      confidence: "certain",
    };
  },
};

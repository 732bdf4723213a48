import { defineRule } from "../../contracts/review-rule.ts";

const mostLines = 3_000;
const mostLength = 500_000;

export default defineRule({
  id: "large-file",
  kind: "file",
  title: "Large file added",
  severity: "info",
  category: "maintenance",
  confidence: "high",
  roles: ["code", "data", "test", "example"],
  message: "A large file is added.",
  why: "It stays in every clone of the repository for good, also after it is deleted.",
  docs: `Finds new files of more than ${mostLines} lines or ${mostLength / 1_000} kB that no tool wrote as far as the repository says. For information: sometimes it has to be so.`,
  check(file) {
    if (file.diff.status !== "added") return [];
    const lines = file.diff.addedLines;
    const length = file.text?.length ?? 0;
    if (lines <= mostLines && length <= mostLength) return [];
    const size = lines > mostLines ? `${lines} lines` : `${Math.round(length / 1_000)} kB`;
    return [
      {
        line: 1,
        message: `A new file of ${size}.`,
        subject: file.path,
        ...(file.added.length === 0 && { isConsequence: true as const }),
      },
    ];
  },
  examples: {
    bad: [{ "data/words.csv": "word\n".repeat(3_001) }],
    good: [{ "data/words.csv": "word\n".repeat(2_000) }],
  },
});

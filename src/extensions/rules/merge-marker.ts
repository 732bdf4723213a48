import { defineRule, type RuleHit } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "merge-marker",
  kind: "file",
  title: "Unresolved merge conflict",
  severity: "error",
  category: "bug",
  confidence: "high",
  roles: ["code", "test", "example", "data", "documentation"],
  message: "Markers of an unresolved merge conflict were committed.",
  why: "Both sides of the conflict are in the file, and it means neither.",
  docs: "Finds `<<<<<<<`, `=======` and `>>>>>>>` at the beginning of lines, in this order, of which the first or the last was added. A line of equal signs alone is a heading and not reported. Blocks of `SEARCH` and `ORIGINAL`, in which models write edits, and what stands in the fences of a document are not reported. Switch it off for files that show conflicts on purpose.",
  check(file) {
    // Tests of what reads conflicts keep some as data.
    if (
      file.role === "test" &&
      (file.language === null || /(^|\/)(fixtures?|testdata|__snapshots__|data)\//i.test(file.path))
    )
      return [];
    const hits: RuleHit[] = [];
    let isShown = false;
    let start = 0;
    let middle = 0;
    for (const [index, text] of file.lines.entries()) {
      const line = index + 1;
      // What stands in a fence is shown, not meant.
      if (file.role === "documentation" && /^\s*(```|~~~)/.test(text)) isShown = !isShown;
      if (isShown) continue;
      if (/^<{7}(\s|$)/.test(text) && !/^<{7} (SEARCH|ORIGINAL)\b/.test(text)) [start, middle] = [line, 0];
      else if (start > 0 && /^={7}$/.test(text)) middle = line;
      else if (middle > 0 && /^>{7}(\s|$)/.test(text)) {
        if (file.isAdded(start, start) && file.isAdded(middle, middle))
          hits.push({ line: start, endLine: line });
        [start, middle] = [0, 0];
      }
    }
    return hits;
  },
  examples: {
    bad: [
      { "src/cart.js": "<<<<<<< HEAD\nconst total = 1;\n=======\nconst total = 2;\n>>>>>>> other\n" },
      { "config.yml": "<<<<<<< ours\na: 1\n||||||| base\na: 0\n=======\na: 2\n>>>>>>> theirs\n" },
    ],
    good: [
      { "README.md": "Title\n=======\n\nText\n" },
      { "test/merge.test.js": "const text = `\n  <<<<<<< HEAD\n  =======\n  >>>>>>> other\n`;\n" },
      { "src/cart.js": "const marker = '<<<<<<<';\n" },
    ],
  },
});

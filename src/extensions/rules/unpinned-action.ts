import { defineRule } from "../../contracts/review-rule.ts";
import { isWorkflow } from "./shared/workflows.ts";

const uses = /^\s*(?:-\s+)?uses:\s*["']?([\w.-]+)\/([\w./-]+)@([\w./-]+)/;

export default defineRule({
  id: "unpinned-action",
  kind: "file",
  title: "Action of others by a name that may move",
  severity: "info",
  category: "security",
  confidence: "high",
  message: "The action is named by a tag or branch, not by a commit.",
  why: "Whoever controls that repository, or takes it over, changes what runs here with your token and secrets.",
  docs: "Name actions that are not GitHub's own by the commit's whole id, with the version in a comment; Dependabot and Renovate keep both up to date. Only mentioned, because many projects trust tags.",
  roles: ["code", "data"],
  examples: {
    bad: [{ ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - uses: acme/deploy@v1\n" }],
    good: [
      {
        ".github/workflows/a.yml":
          "jobs:\n  a:\n    steps:\n      - uses: acme/deploy@0123456789012345678901234567890123456789 # v1\n      - uses: actions/checkout@v4\n      - uses: ./local\n",
      },
    ],
  },
  check(file) {
    if (!isWorkflow(file)) return [];
    return file.added.flatMap((line) => {
      const match = uses.exec(file.lines[line - 1]!);
      if (
        match === null ||
        /^(?:actions|github)$/i.test(match[1]!) ||
        /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(match[3]!)
      )
        return [];
      return [{ line, message: `${match[1]}/${match[2]} is named by \`${match[3]}\`, not by a commit.` }];
    });
  },
});

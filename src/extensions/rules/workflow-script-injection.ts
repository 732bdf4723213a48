import { defineRule } from "../../contracts/review-rule.ts";
import { isUnderKey, isWorkflow } from "./shared/workflows.ts";

/** What a stranger may write, as GitHub's own documentation lists it. */
const untrusted =
  /\$\{\{[^{}]*?\bgithub\.(?:head_ref\b|event\.(?:(?:issue|pull_request|discussion)\.(?:title|body)|(?:comment|review|review_comment)\.body|pull_request\.head\.(?:ref|label|repo\.default_branch)|pages\.[^\s}]*page_name|workflow_run\.(?:head_branch|display_title|head_commit\.message)))[^{}]*\}\}/;

export default defineRule({
  id: "workflow-script-injection",
  kind: "file",
  title: "Text of a stranger in a workflow's script",
  severity: "error",
  category: "security",
  confidence: "high",
  message: "What anyone may write becomes part of this script.",
  why: "A title such as `$(curl … | sh)` runs with the workflow's token and secrets.",
  docs: "In GitHub Actions an expression is put into the script as text before any shell sees it. Give the value to the step as an environment variable, and use that in the script: it is data there. Titles, bodies, comments and branch names of issues and pull requests are what strangers choose.",
  roles: ["code", "data"],
  examples: {
    bad: [
      {
        ".github/workflows/a.yml":
          'jobs:\n  a:\n    steps:\n      - run: echo "${{ github.event.issue.title }}"\n',
      },
      {
        ".github/workflows/a.yml":
          "jobs:\n  a:\n    steps:\n      - name: x\n        run: |\n          set -e\n          git checkout ${{ github.head_ref }}\n",
      },
    ],
    good: [
      {
        ".github/workflows/a.yml":
          'jobs:\n  a:\n    steps:\n      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.issue.title }}\n',
      },
      {
        ".github/workflows/a.yml":
          "jobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.pull_request.number }} ${{ github.sha }}\n",
      },
      { ".github/workflows/a.yml": "concurrency:\n  group: a-${{ github.head_ref }}\n" },
    ],
  },
  check(file) {
    if (!isWorkflow(file)) return [];
    return (
      file.added
        .filter(
          (line) =>
            untrusted.test(file.lines[line - 1]!) &&
            isUnderKey(file.lines, line, /^\s*(?:-\s+)?(?:run|script):/),
        )
        // A comparison gives true or false, and `toJSON` of it is no safer.
        .filter(
          (line) =>
            !/==|!=|\b(?:startsWith|endsWith|contains)\(/.test(untrusted.exec(file.lines[line - 1]!)![0]),
        )
        .map((line) => ({ line }))
    );
  },
});

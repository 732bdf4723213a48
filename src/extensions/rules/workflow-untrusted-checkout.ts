import { defineRule } from "../../contracts/review-rule.ts";
import { isWorkflow } from "./shared/workflows.ts";

const trigger = /^\s*(?:-\s+)?pull_request_target\b|^on:.*\bpull_request_target\b/;
const headRef =
  /^\s*ref:\s*["']?\$\{\{[^{}]*(?:github\.event\.pull_request\.head\.(?:sha|ref)|github\.head_ref)[^{}]*\}\}|^\s*ref:\s*["']?refs\/pull\/\$\{\{/;

export default defineRule({
  id: "workflow-untrusted-checkout",
  kind: "file",
  title: "Code of a stranger with the rights of the repository",
  severity: "error",
  category: "security",
  confidence: "medium",
  message: "A workflow on `pull_request_target` checks out the pull request's own code.",
  why: "Such a workflow has the repository's secrets and a token that may write; any script, test or install step of the pull request gets them.",
  docs: "`pull_request_target` runs in the base repository for pull requests from forks. Use `pull_request` for what builds or tests their code, or check out the base only. Fine where nothing of what is checked out is ever run, and nothing is installed from it.",
  roles: ["code", "data"],
  examples: {
    bad: [
      {
        ".github/workflows/a.yml":
          "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - run: npm test\n",
      },
    ],
    good: [
      {
        ".github/workflows/a.yml":
          "on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n",
      },
      {
        ".github/workflows/a.yml":
          "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/labeler@v5\n",
      },
    ],
  },
  check(file) {
    if (!isWorkflow(file)) return [];
    const isTarget = file.lines.findIndex((line) => trigger.test(line));
    if (isTarget < 0) return [];
    return file.lines.flatMap((line, at) => {
      const number = at + 1;
      if (!headRef.test(line)) return [];
      if (file.isAdded(number, number)) return [{ line: number }];
      return file.isAdded(isTarget + 1, isTarget + 1) ? [{ line: isTarget + 1 }] : [];
    });
  },
});

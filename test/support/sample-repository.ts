import { addCommit, createRepository, git } from "./repositories.ts";

const day = 86_400;
/** Monday 2024-01-01, 09:30 UTC. */
const start = 1_704_101_400;
const ada = "Ada Byron <ada@analytical.example>";
const adaAtHome = "ada <ada@home.example>";
const bob = "Bob Boole <bob@logic.example>";
const bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";

function server(routes: number): string {
  const branches = Array.from(
    { length: routes },
    (_, index) => `  if (path === "/r${index}") return ${index};`,
  );
  return [
    "// The server.",
    'import express from "express";',
    "",
    "export class Server {",
    "  start(): void {",
    "    express().listen(Number(process.env.PORT ?? 8080));",
    "  }",
    "}",
    "",
    "export function route(path: string): number {",
    ...branches,
    "  return -1;",
    "}",
    "",
  ].join("\n");
}

function packageJson(express: string): string {
  return `${JSON.stringify(
    {
      name: "sample",
      version: "1.0.0",
      license: "MIT",
      bin: { sample: "src/server.ts" },
      scripts: { build: "tsc", test: "vitest run" },
      engines: { node: ">=22" },
      dependencies: { express, pg: "^8.11.0" },
      devDependencies: { typescript: "~5.4.0", vitest: "^1.6.0" },
    },
    null,
    2,
  )}\n`;
}

const lock = JSON.stringify({
  name: "sample",
  lockfileVersion: 3,
  packages: {
    "": { name: "sample" },
    "node_modules/express": { version: "4.19.2" },
    "node_modules/pg": { version: "8.11.5" },
    "node_modules/typescript": { version: "5.4.5" },
    "node_modules/vitest": { version: "1.6.0" },
  },
});

const licence = `MIT License

Copyright (c) 2024 Ada Byron

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

/**
 * A small repository with something of everything: several languages and manifests, a merge, a rename, tags, people
 * with two addresses, a program that commits, vendored and minified files, a link, a submodule, names in other
 * scripts. All dates are fixed, so its commit ids never change.
 */
export function createSampleRepository(folder: string): string {
  createRepository(folder, []);
  let today = 0;
  const commit = (
    author: string,
    message: string,
    files: Readonly<Record<string, string | null>>,
    days = 6,
  ): string =>
    addCommit(folder, { author, message, files, at: start + (today += days) * day + (today % 5) * 3600 });

  commit(
    ada,
    "Initial commit",
    { "README.md": "# Sample\n\nA sample.\n", LICENSE: licence, "src/main.ts": server(1) },
    0,
  );
  commit(ada, "build: add the manifest", {
    "package.json": packageJson("^4.18.0"),
    "package-lock.json": lock,
  });
  commit(bob, "feat(worker): count words", {
    "go.mod": "module example.org/sample\n\ngo 1.22\n\nrequire github.com/lib/pq v1.10.9\n",
    "cmd/worker/main.go":
      'package main\n\nimport "os"\n\n// main counts.\nfunc main() {\n\tfor _, word := range os.Args {\n\t\tif word != "" {\n\t\t\tprintln(word, os.Getenv("DATABASE_URL"))\n\t\t}\n\t}\n}\n',
  });
  for (let round = 2; round < 8; round++)
    commit(
      round % 3 === 0 ? adaAtHome : ada,
      round % 2 === 0 ? `fix: route ${round}` : `Add route ${round}`,
      {
        "src/main.ts": server(round),
        "src/routes.md": `${round} routes\n`,
      },
    );
  git(folder, ["tag", "v0.1"]);
  git(folder, ["mv", "src/main.ts", "src/server.ts"]);
  commit(ada, "refactor: name the server", {});
  commit(bot, "build(deps): bump express from 4.18.0 to 4.19.2", { "package.json": packageJson("^4.19.2") });

  git(folder, ["checkout", "--quiet", "-b", "topic"]);
  commit(bob, "docs: describe the report", {
    "tools/report.py":
      '"""Reports."""\nimport os\n\n\nclass Report:\n    def lines(self):\n        # Sorted by name.\n        return [line for line in sorted(self.rows) if line or os.environ["DEBUG"]]\n',
    "docs/guide.md": "# Guide\n",
  });
  git(folder, ["checkout", "--quiet", "main"]);
  commit(ada, "ci: test on every push", {
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n",
    Dockerfile: "FROM node:22-alpine\nCOPY . .\n",
    "scripts/release.sh": '#!/usr/bin/env bash\nset -eu\nrelease() {\n  git tag "$1"\n}\nrelease "$@"\n',
  });
  mergeTopic(folder, start + (today += 2) * day);
  git(folder, ["update-index", "--add", "--cacheinfo", `160000,${"5".repeat(40)},lib/sub`]);
  git(folder, ["update-index", "--add", "--cacheinfo", `120000,${blob(folder, "src/server.ts")},server`]);
  const tree = git(folder, ["write-tree"]).trim();
  git(folder, [
    "reset",
    "--quiet",
    "--hard",
    commitTree(folder, tree, "Link the server", start + (today += 3) * day),
  ]);
  commit(
    bob,
    "Add the rest",
    {
      ".mailmap": "Ada Byron <ada@analytical.example> <ada@home.example>\n",
      ".gitattributes": "third_party/** linguist-vendored\n",
      "third_party/lib.c": "int f(void) { return 1; }\n",
      "web/app.min.js": `var a=1;${"function b(){return 2}".repeat(40)}\n`,
      "web/Widget.tsx": "export const Widget = (): string => <b>{process.env.API_URL}</b>;\n",
      "docs/使い方.md": "# 使い方\n",
      "assets/logo.png": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
      "broken/package.json": '{ "name": \n',
    },
    30,
  );
  git(folder, ["tag", "--annotate", "--message", "One", "v1.0"], {
    environment: { GIT_COMMITTER_DATE: `${start + today * day} +0000` },
  });
  return folder;
}

function mergeTopic(folder: string, at: number): void {
  const date = `${at} +0000`;
  git(folder, ["merge", "--quiet", "--no-ff", "--message", "Merge branch 'topic'", "topic"], {
    environment: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
}

function blob(folder: string, target: string): string {
  return git(folder, ["hash-object", "-w", "--stdin"], { input: target }).trim();
}

function commitTree(folder: string, tree: string, message: string, at: number): string {
  const date = `${at} +0000`;
  return git(folder, ["commit-tree", tree, "-p", "HEAD", "-m", message], {
    environment: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  }).trim();
}

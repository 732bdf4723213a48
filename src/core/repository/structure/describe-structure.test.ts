import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ManifestFacts } from "../../../contracts/ecosystem.ts";
import type { TreeEntry } from "../../../contracts/repository.ts";
import { describeStructure, type Structure, wantsStructureText } from "./describe-structure.ts";
import { isTestPath } from "./find-tests.ts";

interface Snapshot {
  readonly paths?: readonly string[];
  readonly texts?: Readonly<Record<string, string>>;
  readonly manifests?: readonly (readonly [path: string, ecosystem: string, facts: ManifestFacts])[];
}

function describeSnapshot({ paths = [], texts = {}, manifests = [] }: Snapshot): Structure {
  const all = new Set([...paths, ...Object.keys(texts), ...manifests.map(([path]) => path)]);
  const entries: TreeEntry[] = [...all].map((path) => ({
    path,
    oid: "0".repeat(40),
    kind: "file",
    sizeBytes: 10,
  }));
  return describeStructure({
    entries,
    texts: new Map(Object.entries(texts)),
    manifests: manifests.map(([path, ecosystem, facts]) => ({ path, ecosystem, facts })),
  });
}

function entry(path: string, sizeBytes: number, kind: TreeEntry["kind"] = "file"): TreeEntry {
  return { path, oid: "0", kind, sizeBytes };
}

function named(packageName: string): ManifestFacts {
  return { packageName };
}

test("sizes are summed over two levels; submodules and missing blobs weigh nothing", () => {
  const entries = [entry("a/b/c/d.ts", 5), entry("a/e.ts", 7), entry("f", -1), entry("sub", 0, "submodule")];
  const structure = describeStructure({ entries, manifests: [], texts: new Map() });
  expect(structure).toMatchObject({ files: 3, bytes: 12 });
  expect(structure.directories).toEqual([
    { path: "a", files: 2, bytes: 12 },
    { path: "a/b", files: 1, bytes: 5 },
  ]);
  expect(structure.largestFiles.map(({ path }) => path)).toEqual(["a/e.ts", "a/b/c/d.ts"]);
});

describe("entry points", () => {
  test("a declared command is found in the tree, or stays in its manifest", () => {
    const facts = {
      entryPoints: [
        { name: "shop", target: "./bin/shop.js", line: 6 },
        { name: "gone", target: "dist/x.js", line: 7 },
      ],
    };
    const { entryPoints } = describeSnapshot({
      paths: ["pkg/bin/shop.js"],
      manifests: [["pkg/package.json", "npm", facts]],
    });
    expect(entryPoints).toEqual([
      { path: "pkg/bin/shop.js", name: "shop", why: "command declared in pkg/package.json:6" },
      { path: "pkg/package.json", line: 7, name: "gone", why: "command dist/x.js, declared here" },
    ]);
  });

  test("a Python module, below src too", () => {
    const facts = { entryPoints: [{ name: "shop", target: "shop.cli:main", line: 2 }] };
    const { entryPoints } = describeSnapshot({
      paths: ["src/shop/cli.py"],
      manifests: [["pyproject.toml", "pypi", facts]],
    });
    expect(entryPoints[0]?.path).toBe("src/shop/cli.py");
  });

  test("main.go counts when it is package main, main.c when it has a main", () => {
    const texts = {
      "cmd/api/main.go": "// api\npackage main\n",
      "lib/main.go": "package lib\n",
      "src/server.c": "\n\nint main(void) {}",
    };
    for (const path of Object.keys(texts)) expect(wantsStructureText(path)).toBe(true);
    expect(describeSnapshot({ texts }).entryPoints.map(({ path, line }) => `${path}:${line}`)).toEqual([
      "cmd/api/main.go:2",
      "src/server.c:3",
    ]);
  });

  test("of a Dockerfile the last stage's command", () => {
    const texts = { Dockerfile: 'FROM a AS b\nCMD ["old"]\nFROM c\nCMD ["node", "x.js"]\n' };
    expect(describeSnapshot({ texts }).entryPoints).toEqual([
      { path: "Dockerfile", line: 4, name: "node x.js", why: "CMD of the container image" },
    ]);
  });

  test("nothing in tests and examples", () => {
    expect(
      describeSnapshot({ paths: ["examples/a/main.go", "test/fixtures/src/main.rs"] }).entryPoints,
    ).toEqual([]);
  });
});

test("scripts of manifests and task files with how to run them", () => {
  const { scripts } = describeSnapshot({
    paths: ["yarn.lock"],
    manifests: [["package.json", "npm", { scripts: [{ name: "build", command: "tsc", line: 4 }] }]],
    texts: {
      Makefile:
        "CC = gcc\n.PHONY: test\ntest: build ## run them\n\t@go test ./...\n\n%.o: %.c\n\tcc $<\nout/x.bin: y\n\tcp\n",
      justfile: "set shell := ['bash']\ndeploy env='prod':\n  ./deploy {{env}}\n_hidden:\n  x\n",
      "tox.ini":
        "[tox]\nenvlist = py\n[testenv:lint]\ndeps = ruff\ncommands =\n    ruff check\n    ruff format\n[flake8]\n",
      "noxfile.py": "@nox.session\ndef docs(session):\n  pass\ndef helper(session):\n",
      Rakefile: 'desc "All of it"\ntask :default => [:test]\n',
      "Taskfile.yml": "version: 3\ntasks:\n  gen:\n    cmds:\n      - go generate\n",
    },
  });
  expect(scripts.map(({ run, command, path, line }) => `${run} = ${command} @ ${path}:${line}`)).toEqual([
    "make test = go test ./... @ Makefile:3",
    "rake default = All of it @ Rakefile:2",
    "task gen = go generate @ Taskfile.yml:3",
    "just deploy = ./deploy {{env}} @ justfile:2",
    "nox -s docs = session docs @ noxfile.py:2",
    "yarn run build = tsc @ package.json:4",
    "tox -e lint = ruff check && ruff format @ tox.ini:3",
  ]);
});

test.each([
  ["pkg/a_test.go", true],
  ["tests/test_x.py", true],
  ["src/x.test.ts", true],
  ["spec/models/user_spec.rb", true],
  ["src/test/java/ATest.java", true],
  ["My.App.Tests/Foo.cs", true],
  ["tests/unit/type.tcl", true],
  ["tests/data.bin", false],
  ["src/latest/x.ts", false],
  ["src/contest.py", false],
  ["src/test.ts", false],
])("%s is a test: %s", (path, expected) => {
  expect(isTestPath(path)).toBe(expected);
});

test("folders of tests are the outermost ones, without vendored code", () => {
  const { tests } = describeSnapshot({
    paths: ["test/a/b.test.js", "test/c.js", "src/d.test.ts", "e_test.go", "vendor/x/x_test.go"],
  });
  expect(tests).toEqual({ files: 4, bytes: 40, paths: ["test", ".", "src"] });
});

test("documents and their folders", () => {
  const { docs } = describeSnapshot({
    paths: [
      "README.md",
      "docs/guide.md",
      "docs/adr/0001-x.md",
      ".github/SECURITY.md",
      "src/readme.ts",
      "History.markdown",
    ],
  });
  expect(docs.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    "changelog History.markdown",
    "readme README.md",
    "folder docs",
    "security .github/SECURITY.md",
    "decisions docs/adr",
  ]);
});

test("workspaces are the members that exist", () => {
  const { workspaces } = describeSnapshot({
    paths: ["tools/x.gradle"],
    manifests: [
      ["package.json", "npm", { workspaces: ["packages/*", "!packages/old", "{apps,sites}/**"] }],
      ["packages/a/package.json", "npm", named("@x/a")],
      ["packages/old/package.json", "npm", named("@x/old")],
      ["packages/a/deep/package.json", "npm", named("no")],
      ["apps/web/admin/package.json", "npm", {}],
      ["go.work", "go", { workspaces: [".", "./cli"] }],
      ["go.mod", "go", named("example.org/x")],
      ["cli/go.mod", "go", named("example.org/x/cli")],
      ["settings.gradle", "gradle", { workspaces: ["tools", "gone"] }],
    ],
  });
  expect(workspaces.map(({ path, name, ecosystem }) => `${path} ${name} ${ecosystem}`)).toEqual([
    ". example.org/x go",
    "apps/web/admin admin npm",
    "cli example.org/x/cli go",
    "packages/a @x/a npm",
    "tools tools gradle",
  ]);
});

test("any text is taken", () => {
  const path = fc.constantFrom(
    "Makefile",
    "justfile",
    "tox.ini",
    "noxfile.py",
    "Rakefile",
    "Taskfile.yml",
    "Dockerfile",
    "Procfile",
    "LICENSE",
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z:\t\n =[\]@#$()-]*$/));
  fc.assert(
    fc.property(path, text, (path, text) => {
      const { scripts } = describeSnapshot({ texts: { [path]: text } });
      for (const { line } of scripts) expect(line).toBeLessThanOrEqual(text.split("\n").length);
    }),
  );
});

test("globs and paths of any form are taken", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (glob, path) => {
      const { workspaces } = describeSnapshot({
        paths: [path],
        manifests: [
          ["package.json", "npm", { workspaces: [glob] }],
          [`${path}/package.json`, "npm", {}],
        ],
      });
      expect(workspaces.length).toBeLessThan(3);
    }),
  );
});

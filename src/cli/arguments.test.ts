import { describe, expect, test } from "vitest";
import { closest } from "../base/closest.ts";
import { isAppError } from "../base/errors.ts";
import { type CommandDefinition, type CommandEntry, defineCommand } from "../contracts/command.ts";
import { findCommand, parseArguments } from "./arguments.ts";

const copy: CommandDefinition = defineCommand({
  name: "copy",
  summary: "Copy",
  positionals: [
    { name: "from", description: "From", required: true },
    { name: "to", description: "To", required: false },
  ],
  options: {
    depth: { type: "string", value: "N", short: "d", description: "How deep" },
    "no-links": { type: "boolean", description: "Without links" },
    json: { type: "boolean", description: "JSON" },
  },
  examples: [],
  run: () => Promise.resolve(0),
});

function entry(name: string): CommandEntry {
  return { name, summary: name, load: () => Promise.resolve({ default: copy }) };
}

function refusal(...args: string[]): unknown {
  try {
    return parseArguments(copy, args);
  } catch (error) {
    return isAppError(error, "usage") ? error.message : error;
  }
}

test("the command with the longest name wins, and the rest are its arguments", () => {
  const commands = [entry("config"), entry("config show"), entry("analyze")];
  expect(findCommand(["config", "show", "x"], commands)).toMatchObject({
    entry: { name: "config show" },
    rest: ["x"],
  });
  expect(findCommand(["config", "x"], commands)).toMatchObject({ entry: { name: "config" }, rest: ["x"] });
  expect(findCommand(["conf"], commands)).toBeNull();
  expect(findCommand([], commands)).toBeNull();
});

describe("what is taken", () => {
  test("options in any order, with their defaults", () => {
    expect(parseArguments(copy, ["--depth", "3", "a", "--no-links", "b"])).toEqual({
      positionals: ["a", "b"],
      options: { depth: "3", "no-links": true, json: false },
      settings: {},
      wantsHelp: false,
    });
    expect(parseArguments(copy, ["a", "-d", "3"]).options).toEqual({
      depth: "3",
      "no-links": false,
      json: false,
    });
    expect(parseArguments(copy, ["a"]).options["depth"]).toBeUndefined();
  });

  test("a positional may begin with a dash after --", () => {
    expect(parseArguments(copy, ["--", "--json"]).positionals).toEqual(["--json"]);
  });

  test("every setting by its flag", () => {
    expect(parseArguments(copy, ["a", "--git-clone-timeout=10m", "--limits-paths", "5"]).settings).toEqual({
      "git.clone_timeout": "10m",
      "limits.paths": "5",
    });
  });

  test("the last positional as often as it is given, where it may be repeated", () => {
    const many = { ...copy, positionals: [{ ...copy.positionals[0]!, isRepeated: true }] };
    expect(parseArguments(many, ["a", "b", "c"]).positionals).toEqual(["a", "b", "c"]);
    expect(() => parseArguments(many, [])).toThrow("needs from");
  });

  test("help needs no arguments", () => {
    expect(parseArguments(copy, ["--help"]).wantsHelp).toBe(true);
    expect(parseArguments(copy, ["-h"]).wantsHelp).toBe(true);
  });
});

describe("what is refused, and how", () => {
  test.each([
    [["a", "--dpth", "3"], "repowright copy has no option --dpth. Did you mean --depth?"],
    [
      ["a", "--git-clone-timout", "3"],
      "repowright copy has no option --git-clone-timout. Did you mean --git-clone-timeout?",
    ],
    [["a", "--entirely-different"], "repowright copy has no option --entirely-different."],
    [["a", "-x"], "repowright copy has no option -x."],
    [["a", "--depth"], "Option --depth needs a value."],
    [["a", "--depth", "--json"], "Option --depth needs a value."],
    [["a", "--limits-paths"], "Option --limits-paths needs a value."],
    [["a", "--json=yes"], "Option '--json' does not take an argument"],
    [[], "repowright copy needs from."],
    [["a", "b", "c"], 'repowright copy takes at most 2; "c" is one too many.'],
  ])("%j", (args, message) => {
    expect(refusal(...args)).toBe(message);
  });

  test("a secret as a flag, whose value is not repeated and which is not suggested", () => {
    for (const args of [["--git-tokens", "github.com=s3cret"], ["--git-tokens=github.com=s3cret"]])
      expect(refusal("a", ...args)).toBe("repowright copy has no option --git-tokens.");
  });

  test("an argument for a command that takes none", () => {
    const none: CommandDefinition = { ...copy, positionals: [] };
    expect(() => parseArguments(none, ["x"])).toThrow('takes no arguments; "x" is one too many.');
  });
});

test.each([
  ["analize", "analyze"],
  ["analyze", "analyze"],
  ["anlyz", null],
  ["x", null],
  ["ruin", "run"],
])("closest to %s is %s", (word, expected) => {
  expect(closest(word, ["analyze", "review", "run"])).toBe(expected);
});

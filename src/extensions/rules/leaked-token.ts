import { createTokenFinder, type FoundToken } from "../../base/secrets/find-tokens.ts";
import { tokenFormats } from "../../base/secrets/token-formats.ts";
import { defineRule, type ReviewedFile, type RuleHit } from "../../contracts/review-rule.ts";

// Put together here, so that no scanner takes this file for a leak.
const awsKey = ["AKIA", "Q3EGLT5RZ7NWKX2B"].join("");
const stripeKey = ["sk_live", "9fKq2Lw7Zx4Tn8Vb3Rm6Yp1H"].join("_");
const hexKey = ["4f8a2c6e9b1d3f57", "a0c8e2b46d9f1a35"].join("");
const password = ["vK7qT", "2mZ9x"].join("");
const findTokens = createTokenFinder(tokenFormats);

export default defineRule({
  id: "leaked-token",
  kind: "file",
  title: "Secret of a provider in the repository",
  severity: "error",
  category: "secret",
  confidence: "high",
  message: "Secret in plain text.",
  why: "Everyone who can read the repository, now or later, can use it; removing it in a later commit does not take it back.",
  docs: `Tokens, keys and passwords whose form gives them away: over 350 formats of providers, private keys, signed web tokens and addresses with a password. Where a format has a checksum, it is verified. Revoke the secret at its provider, then take it from the environment or a secret store. Placeholders and documented examples are left alone; in tests, examples and documentation only what a provider alone can have given out is reported, as a warning. Switch it off where the repository itself is about secrets.`,
  roles: ["code", "test", "example", "documentation", "data", "generated"],
  examples: {
    bad: [
      { "src/aws.ts": `const id = "${awsKey}";\n` },
      { "config.yaml": `stripe:\n  key: ${stripeKey}\n` },
      { "deploy.sh": `export DATADOG_API_KEY=${hexKey}\n` },
      { "app.py": `url = "postgres://app:${password}@db.prod.kronberg.io/app"\n` },
    ],
    good: [
      { "src/aws.ts": `const id = "AKIAIOSFODNN7EXAMPLE";\nconst other = config.get("aws.id");\n` },
      { "config.yaml": "stripe:\n  key: ${STRIPE_KEY}\n" },
      { "deploy.sh": "export DATADOG_API_KEY=your-datadog-api-key\n" },
      { "app.py": `url = "postgres://postgres:postgres@localhost/app"\n` },
    ],
  },
  check(file) {
    return addedRuns(file).flatMap(([first, last]) => {
      const lines = file.lines.slice(first - 1, last);
      const found = findTokens(lines.join("\n"));
      return found.length === 0 ? [] : toHits(file, found, lines, first);
    });
  },
});

/** Longest pieces of added lines; a key of many lines was added as a whole. */
function addedRuns(file: ReviewedFile): readonly (readonly [first: number, last: number])[] {
  const runs: [number, number][] = [];
  for (const line of file.added) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === line - 1) run[1] = line;
    else runs.push([line, line]);
  }
  return runs;
}

const lockFile =
  /(?:^|\/)(?:[\w.-]*\.lock|[\w.-]*lock\.(?:json|yaml|yml)|go\.sum|[\w.-]*\.(?:sum|snap|svg|map|ipynb))$/i;

function toHits(
  file: ReviewedFile,
  found: readonly FoundToken[],
  lines: readonly string[],
  first: number,
): readonly RuleHit[] {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return first + low;
  };
  const isForShow =
    file.role === "test" || file.role === "example" || file.role === "documentation" || isShowPath(file.path);
  return found
    .filter(
      ({ format, isDoubtful }) =>
        !(isForShow && (!format.isRealInTests || format.stake === "low" || isDoubtful)),
    )
    .filter(({ format }) => !(format.isWord && lockFile.test(file.path)))
    .map(({ format, secretStart, start, secretEnd, isDoubtful }) => ({
      line: lineAt(format.isWord ? secretStart : start),
      endLine: lineAt(secretEnd - 1),
      message: `${format.name[0]!.toUpperCase()}${format.name.slice(1)} in plain text${isDoubtful ? "; its checksum is wrong, so it may be made up" : ""}.`,
      ...(isForShow || isDoubtful || format.stake === "low" ? { severity: "warning" as const } : {}),
      ...(isDoubtful || format.isWord ? { confidence: "medium" as const } : {}),
    }));
}

/** Where made-up values live, although the file itself is data. */
function isShowPath(path: string): boolean {
  return /(?:^|[/._-])(?:tests?|specs?|__tests__|fixtures?|testdata|mocks?|examples?|samples?|demos?|docs?|snapshots?|cassettes?|stories)(?:[/._-]|$)/i.test(
    path,
  );
}

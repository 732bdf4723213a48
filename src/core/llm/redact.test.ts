import * as fc from "fast-check";
import { expect, test } from "vitest";
import { redactSecrets } from "./redact.ts";

// Put together here, so that no scanner takes this file for a leak.
const letters = (count: number): string => "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fG".repeat(9).slice(0, count);
const upper = (count: number): string => letters(99).toUpperCase().slice(0, count);

test.each([
  ["github", `ghp_${letters(36)}`],
  ["github, fine-grained", `github_pat_${letters(60)}`],
  ["gitlab", `glpat-${letters(20)}`],
  ["aws", `AKIA${upper(16)}`],
  ["google", `AIza${letters(35)}`],
  ["slack", `xoxb-${letters(30)}`],
  ["stripe", `sk_live_${letters(24)}`],
  ["openai", `sk-proj-${letters(48)}`],
  ["anthropic", `sk-ant-${letters(48)}`],
  ["npm", `npm_${letters(36)}`],
  ["pypi", `pypi-${letters(80)}`],
  ["hugging face", `hf_${letters(34)}`],
  ["sendgrid", `SG.${letters(22)}.${letters(43)}`],
  ["jwt", `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`],
  ["private key", `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n-----END RSA PRIVATE KEY-----`],
])("a key of %s goes, wherever it stands", (_, secret) => {
  for (const text of [secret, `x = "${secret}"`, `see ${secret}, or not`, `a\n${secret}\nb`]) {
    const { texts, count } = redactSecrets([text], []);
    expect(texts[0]).not.toContain(secret.slice(0, 40));
    expect(texts[0]).toContain("[redacted ");
    expect(count).toBeGreaterThan(0);
  }
});

test.each([
  ['password = "hunter22"', 'password = "[redacted secret]"'],
  ["DB_PASSWORD=correct-horse-1", "DB_PASSWORD=[redacted secret]"],
  ["api_key: 0123456789abcdef", "api_key: [redacted secret]"],
  ["{'client_secret': 'abc123def'}", "{'client_secret': '[redacted secret]'}"],
  ['const accessToken = "abcdef123456";', 'const accessToken = "[redacted secret]";'],
  ["DATADOG_API_KEY=4f8a2c6e9b1d3f57a0c8e2b46d9f1a35", "DATADOG_API_KEY=[redacted Datadog key]"],
  [
    "https://hooks.zapier.com/hooks/catch/4829104/k3v9x2q",
    "https://hooks.zapier.com/hooks/catch/[redacted Zapier webhook]",
  ],
  ["postgres://app:s3cret!pw@db/x", "postgres://app:[redacted password]@db/x"],
])("%s: the value goes, the rest stays", (text, redacted) => {
  expect(redactSecrets([text], [])).toEqual({ texts: [redacted], count: 1 });
});

test.each([
  'const password = process.env["PASSWORD"];',
  "password = getpass.getpass()",
  'password: "${DB_PASSWORD}"',
  "password: string;",
  "passwordHash = hashPassword",
  'api_key = "your-api-key-here"',
  'token = "changeme"',
  "if (secret === expectedSecret) return;",
  "https://example.com/a/b?c=d",
  "a commit 0198c5a07b1e70008000000000000000 and sha256-abc",
  "the password must have eight letters",
  "git@github.com:owner/name.git",
])("%s tells nothing, and stays", (text) => {
  expect(redactSecrets([text], [])).toEqual({ texts: [text], count: 0 });
});

test("secrets of the settings go as they are, the longest first; too short ones stay", () => {
  expect(redactSecrets(["a tok3n-long and tok3n, ab"], ["tok3n-", "tok3n-long", "ab"])).toEqual({
    texts: ["a [redacted setting] and tok3n, ab"],
    count: 1,
  });
});

test("hostile text costs no time, and nothing is lost that is no secret", () => {
  for (const evil of [
    "password=".repeat(20_000),
    `"${"a".repeat(200_000)}`,
    "-----BEGIN PRIVATE KEY-----".repeat(4_000),
  ])
    expect(redactSecrets([evil], []).texts[0]!.length).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const { texts, count } = redactSecrets([text], []);
      expect(count > 0 || texts[0] === text).toBe(true);
    }),
  );
}, 10_000);

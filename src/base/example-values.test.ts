import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isExampleValue } from "./example-values.ts";

const examples = `
AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY|your-api-key|YOUR_API_KEY|yourkeyhere|your_secret_token_goes_here
xxx|xxxxxxxx|XXXXXXXXXXXXXXXX|xxxx-xxxx-xxxx|changeme|change-me|ChangeIt|CHANGE_THIS|replace-me|replace_with_your_key
<token>|<your token>|[token]|{token}|\${TOKEN}|$TOKEN|\${{ secrets.TOKEN }}|{{ .Values.password }}|%TOKEN%|%(password)s|#{password}|<%= ENV["X"] %>|__TOKEN__
process.env.TOKEN|os.environ["TOKEN"]|ENV["TOKEN"]|getenv("TOKEN")|config.password|self.password|settings.SECRET_KEY|env:TOKEN|file:/run/secrets/x
arn:aws:secretsmanager:us-east-1:1:secret:x|op://vault/item/field|vault:secret/data/x|ENC[AES256_GCM,data:Tr7o=]|@Microsoft.KeyVault(x)|/run/secrets/db_password|./certs/key.pem
test|testing123|my-test-token|dummy|dummy-value-1|fakeKey9281|sample_key_91h|mock-token-a8s7|fixture-2|placeholder|not-a-real-key|invalid-token|redacted|***|********|...|sk-...|…
123456|12345678|1234567890|abcdef|abcdefghij|abcdefghijklmnopqrstuvwxyz|0123456789abcdef|0123456789abcdef0123456789abcdef|fedcba9876543210|987654321|a1b2c3d4e5f6|1a2b3c4d5e6f7g8h|a1b2c3d4-e5f6-7890-abcd-ef1234567890
aaaaaaaa|00000000|0000000000000000000000000000000000000000|00000000-0000-0000-0000-000000000000|11111111-2222-3333-4444-555555555555|ababababab|abc123abc123abc123|AAAAAAAAAAAAAAAAAAAA|1111111a
deadbeef|deadbeefdeadbeef|cafebabe12|foobar|foo|foobar123|lorem ipsum dolor|qwerty|asdfghjkl|letmein|swordfish
password|Password1|password123|Passw0rd|P@ssw0rd|p@ssword|pass|passwd|secret|secret123|s3cr3t-key-here|supersecret|super-secret-token|my-secret|mysecretpassword|somepassword|topsecret|admin|root|postgres|guest|minioadmin|user|userPassword|accessToken|client_secret|api-key|apiKey|DB_PASSWORD
null|none|undefined|true|string|required|unknown|TODO|FIXME|token|key|value|username|bearer token
sha512-9OfXfBcVn1Fn6ng2|sha256:0d5f2c9b|h1:u2hTDZ5p|sha1-Fn6ng2X|notsosecret|insecure-key|demo|secret-value|x|ab|
SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c|4eC39HqLyjWDarjtT1zdp7dc`
  .trim()
  .split(/[|\n]/);

test.each(examples)("%s gives nothing away", (value) => {
  expect(isExampleValue(value)).toBe(true);
});

test.each(
  `hunter22|correct-horse-1|Tr0ub4dor&3|kX9#mQ2v|f3a9c1d07b|9f86d081884c7d65|zT4vQ8nR1mK6pW3x|N7-gh_kQ2.pLw|Summer2024!|kermit9|M0nkeyBusiness
nF8Zp2Wq7LxK4vTs9RbYc3Hd6GjM1aEu|5f4dcc3b5aa765d61d8327deb882cf99|e10adc3949ba59abbe56e057f20f883e|Zx81kQ==|8sdhUwL1nN0q+/aV|barcelona1899|iloveyou77`.split(
    /[|\n]/,
  ),
)("%s may be a secret", (value) => {
  expect(isExampleValue(value)).toBe(false);
});

test("what chance makes is almost never taken for an example", () => {
  const alphabets = [
    ["0123456789abcdef", 32],
    ["0123456789abcdef", 64],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 20],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 88],
  ] as const;
  let state = 7;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (const [alphabet, length] of alphabets) {
    const wrong = Array.from({ length: 2_000 }, () =>
      Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join(""),
    ).filter(isExampleValue);
    expect(wrong.length).toBeLessThan(10);
  }
});

test("hostile values cost no time, and nothing is thrown", () => {
  for (const evil of [
    "a".repeat(1e6),
    "ab".repeat(1e6),
    "${".repeat(1e6),
    "my-".repeat(1e6),
    "%".repeat(1e6),
  ])
    expect(isExampleValue(evil)).toBe(true);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof isExampleValue(text) === "boolean"));
});

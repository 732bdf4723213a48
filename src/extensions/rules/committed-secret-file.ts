import { isExampleValue } from "../../base/example-values.ts";
import { defineRule, type ReviewedFile } from "../../contracts/review-rule.ts";

const keyFile =
  /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.(p12|pfx|keystore|jks|ppk|kdbx)|\.htpasswd|\.pgpass|\.netrc|\.git-credentials)$/i;
const pemFile = /(^|\/)[^/]+\.(pem|key)$/i;
const environmentFile = /(^|\/)\.env(\.(local|production|prod|staging|development|dev))?$/i;
const shownAsExample =
  /(^|\/)(tests?|specs?|__tests__|fixtures?|testdata|examples?|samples?|mocks?|docs?|e2e|certs?\/test)\//i;
const secretLine =
  /^\s*(?:export\s+)?[\w.-]*(?:pass(?:word|wd)?|secret|token|api_?key|private_?key|access_?key|credential)[\w.-]*\s*[:=]\s*["']?([^\s"'#]{6,})/i;

const longestLine = 2_000;

function textAt(file: ReviewedFile, line: number): string {
  return (file.lines[line - 1] ?? "").slice(0, longestLine);
}

/** First line of an environment file that gives something away. */
function tellingLine(file: ReviewedFile): number | null {
  for (const line of file.added) {
    const value = secretLine.exec(textAt(file, line))?.[1];
    if (value !== undefined && !/^(true|false|null|\d+)$/i.test(value) && !isExampleValue(value)) return line;
  }
  return null;
}

function judge(file: ReviewedFile): { readonly line: number; readonly what: string } | null {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  if (pemFile.test(file.path)) {
    const line = file.added.find((number) =>
      /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(textAt(file, number)),
    );
    return line === undefined ? null : { line, what: "a private key" };
  }
  if (keyFile.test(file.path))
    return file.diff.status === "added" ? { line: 1, what: `\`${name}\`, a file for secrets` } : null;
  if (environmentFile.test(file.path)) {
    const line = tellingLine(file);
    return line === null ? null : { line, what: "an environment file with secrets" };
  }
  if (name === ".npmrc" || name === ".yarnrc.yml" || name === ".pypirc") {
    const line = file.added.find((number) =>
      /(_authToken|_password|npmAuthToken|^\s*password)\s*[:=]\s*["']?[^\s$"'{]{8,}/.test(
        textAt(file, number),
      ),
    );
    return line === undefined || isExampleValue(textAt(file, line).split(/[:=]/).at(-1)!.trim())
      ? null
      : { line, what: "a token for a registry" };
  }
  if (/(^|\/)((google-)?credentials|service-?account[\w-]*|client_secrets?[\w.-]*)\.json$/i.test(file.path)) {
    const line = file.added.find((number) =>
      /"(private_key|client_secret|refresh_token|secret_access_key)"\s*:\s*"[^"]{12,}"/.test(
        textAt(file, number),
      ),
    );
    return line === undefined || isExampleValue(/:\s*"([^"]*)"/.exec(textAt(file, line))?.[1] ?? "")
      ? null
      : { line, what: "credentials of a service" };
  }
  return null;
}

export default defineRule({
  id: "committed-secret-file",
  kind: "change",
  title: "File with secrets",
  severity: "error",
  category: "secret",
  confidence: "medium",
  message: "A file that holds secrets is committed.",
  why: "Everybody who reads the repository, now or later, can use what is in it.",
  docs: "Finds private keys, key stores, `.env` files with secrets in them, `.npmrc` and `.pypirc` with a token, and credentials of services. Templates such as `.env.example`, and folders of tests, examples and fixtures, are left alone. Take the file out, list it in `.gitignore`, and change the secret: it is in the history.",
  async check(change) {
    return change.files.flatMap((file) => {
      if (
        file.diff.status === "deleted" ||
        shownAsExample.test(file.path) ||
        file.role === "test" ||
        file.role === "vendored"
      )
        return [];
      const found = judge(file);
      if (found === null) return [];
      // A binary file has no lines; it is about the file.
      const hit = {
        path: file.path,
        line: found.line,
        message: `This commits ${found.what}.`,
        subject: file.path,
      };
      return [file.added.length === 0 ? { ...hit, isConsequence: true as const } : hit];
    });
  },
  examples: {
    bad: [
      { "deploy/server.key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n" },
      { ".env": "PORT=3000\nDB_PASSWORD=k8Vq2zRw91mXe\n" },
      { ".npmrc": "//packages.example.org/:_authToken=k8Vq2zRw91mXeT4pLs\n" },
      { "config/id_rsa": "key\n" },
      { "deploy/store.p12": "\0\u0001\u0002" },
    ],
    good: [
      { ".env.example": "DB_PASSWORD=\n", ".env": "PORT=3000\nDB_PASSWORD=changeme\n" },
      { ".npmrc": "save-exact=true\n//packages.example.org/:_authToken=${NPM_TOKEN}\n" },
      { "test/fixtures/server.key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n" },
      { "deploy/server.pem": "-----BEGIN CERTIFICATE-----\nMIIEvQ\n-----END CERTIFICATE-----\n" },
    ],
  },
});

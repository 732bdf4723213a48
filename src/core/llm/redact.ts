import { createTokenFinder } from "../../base/secrets/find-tokens.ts";
import { tokenFormats } from "../../base/secrets/token-formats.ts";

/** What the keys that everyone has look like, looser than they are: here a miss costs more than a word too many. */
const patterns: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    "private key",
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]{1,16384}?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/g,
  ],
  ["github token", /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255})\b/g],
  ["gitlab token", /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,64}/g],
  ["aws key", /\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b/g],
  ["google key", /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g],
  ["slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g],
  ["slack hook", /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{20,100}/g],
  ["stripe key", /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,247}\b/g],
  ["model key", /\bsk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,250}/g],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/g],
  ["pypi token", /\bpypi-[A-Za-z0-9_-]{50,250}/g],
  ["hugging face token", /\bhf_[A-Za-z0-9]{30,60}\b/g],
  ["sendgrid key", /\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/g],
  ["jwt", /\beyJ[A-Za-z0-9_-]{10,1024}\.eyJ[A-Za-z0-9_-]{10,4096}\.[A-Za-z0-9_-]{10,1024}/g],
];

/** All other formats, as they are. */
const findTokens = createTokenFinder(tokenFormats);

/** The password of an address: only what stands between colon and at-sign goes. */
const addressPassword = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@'"`]{0,100}):([^\s/@'"`${}<>]{3,200})@/gi;

/**
 * `password = "…"` and its kin. Only a literal counts: what is read from somewhere (`getenv("PASSWORD")`, `${TOKEN}`) or is
 * plainly a placeholder tells nothing, and a model needs it to understand the code.
 */
const assignment =
  /(["'`]?\b[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|private[_-]?key)[\w-]{0,20}["'`]?[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8})(?:(["'`])([^"'`\r\n]{6,200})\2|([^\s"'`,;(){}[\]$<>]{8,200})(?=[ \t]*(?:$|\r?\n|[,;#])))/gim;
const placeholder =
  /^(?:x+|\*+|\.+|<.*>|\$\{.*\}|\{\{.*\}\}|change[-_ ]?me.*|example.*|your[-_ ].*|.*placeholder.*|dummy.*|password|secret|redacted.*|null|none|true|false|undefined|string|required|optional)$/i;
const plainWord = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;
/** Shorter ones are in every text, and hide nothing that cannot be guessed. */
const leastKnownLength = 6;

export interface Redacted {
  readonly texts: readonly string[];
  /** How many secrets were taken out. */
  readonly count: number;
}

/** Takes secrets out of texts before they leave. `known` are those of the settings, wherever they stand. */
export function redactSecrets(texts: readonly string[], known: readonly string[]): Redacted {
  const own = [...new Set(known)]
    .filter((secret) => secret.length >= leastKnownLength)
    .sort((a, b) => b.length - a.length);
  let count = 0;
  const mark = (what: string): string => {
    count++;
    return `[redacted ${what}]`;
  };
  const redact = (text: string): string => {
    let rest = text;
    for (const secret of own) rest = rest.replaceAll(secret, () => mark("setting"));
    for (const [name, pattern] of patterns) rest = rest.replace(pattern, () => mark(name));
    for (const { format, secretStart, secretEnd } of findTokens(rest).toReversed())
      rest = rest.slice(0, secretStart) + mark(format.name) + rest.slice(secretEnd);
    rest = rest.replace(addressPassword, (_, before: string) => `${before}:${mark("password")}@`);
    return rest.replace(
      assignment,
      (
        whole,
        before: string,
        quote: string | undefined,
        quoted: string | undefined,
        bare: string | undefined,
      ) => {
        const value = quoted ?? bare ?? "";
        if (value.startsWith("[redacted") || placeholder.test(value)) return whole;
        // Without quotes a plain word is most likely a name of the program.
        if (bare !== undefined && plainWord.test(value) && !/\d/.test(value)) return whole;
        const sign = quote ?? "";
        return `${before}${sign}${mark("secret")}${sign}`;
      },
    );
  };
  return { texts: texts.map(redact), count };
}

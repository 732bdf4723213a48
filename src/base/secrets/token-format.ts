/** What the secrets of one provider look like. Facts from the providers' documentation; pure data. */
export interface TokenFormat {
  /** Kebab-case. */
  readonly id: string;
  /** For people, e.g. `Stripe secret key`. */
  readonly name: string;
  /** Every match begins with one of them; in lower case when `isWord`. With `behind`, every match holds one. */
  readonly anchors: readonly string[];
  /** Whether the anchors are words of any case (`datadog`) and not parts of the secret. */
  readonly isWord: boolean;
  /** How many characters of a match may stand before the anchor. */
  readonly behind: number;
  /** Sticky; the group `secret` is what was chosen at random. Every quantifier has a bound. */
  readonly pattern: RegExp;
  /** `low`: it opens a test account only, or it is often meant to be public. */
  readonly stake: "high" | "low";
  /** Whether such a value means something in tests, examples and documentation too. */
  readonly isRealInTests: boolean;
  /** Judges the secret: false is no secret, `doubtful` one that nobody can have given out as it is. */
  readonly judge: (match: string, secret: string) => boolean | "doubtful";
}

type Options = Partial<Pick<TokenFormat, "stake" | "isRealInTests" | "judge">>;

// An escaped line end or a percent-encoded character before it is no part of a word.
const start = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]|%[0-9A-F]{2}))`;
const end = String.raw`(?![A-Za-z0-9_-])`;

/** A secret that begins with something only it begins with. `rest` is the source of a regular expression. */
export function prefixed(
  id: string,
  name: string,
  prefixes: string,
  rest: string,
  options: Options = {},
): TokenFormat {
  const anchors = prefixes.split(" ");
  return {
    id,
    name,
    anchors,
    isWord: false,
    behind: 0,
    pattern: new RegExp(`${start}(?:${anchors.map(escapePattern).join("|")})(?<secret>${rest})${end}`, "y"),
    stake: "high",
    isRealInTests: true,
    judge: () => true,
    ...options,
  };
}

/** A secret with something inside or at its end that only it has. `pattern` is the whole, with a group `secret`. */
export function marked(
  id: string,
  name: string,
  marks: string,
  behind: number,
  pattern: string,
  options: Options = {},
): TokenFormat {
  return {
    id,
    name,
    anchors: marks.split(" "),
    isWord: false,
    behind,
    pattern: new RegExp(pattern, "y"),
    stake: "high",
    isRealInTests: true,
    judge: () => true,
    ...options,
  };
}

const keyWord = "(?:key|token|secret|password|passwd|pwd|auth|credentials?|_pat)";

/**
 * A secret that looks like many things, assigned to a name that says whose it is: `DATADOG_API_KEY=…`. In tests, where
 * such values are made up, it is nothing.
 */
export function named(
  id: string,
  name: string,
  words: string,
  secret: string,
  options: Options = {},
): TokenFormat {
  const anchors = words.split(" ");
  const names = anchors.map(escapePattern).join("|");
  return {
    id,
    name,
    anchors,
    isWord: true,
    behind: 0,
    pattern: new RegExp(
      String.raw`(?i:(?<![a-z0-9])(?:${names})[\w. -]{0,24}?${keyWord}[\w.-]{0,16})["'\`\]]{0,2}[ \t]{0,8}(?:=>|:=|==?|:|,|\()[ \t]{0,8}(?:[Bb]earer |[Tt]oken )?["'\`]?(?<secret>${secret})(?![A-Za-z0-9_+/=-])`,
      "y",
    ),
    stake: "high",
    isRealInTests: false,
    judge: () => true,
    ...options,
  };
}

function escapePattern(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

/** Sources of what providers use again and again. */
export const hex = (count: number): string => `[0-9a-f]{${count}}`;
export const alnum = (least: number, most = least): string =>
  least === most ? `[A-Za-z0-9]{${least}}` : `[A-Za-z0-9]{${least},${most}}`;
export const urlSafe = (least: number, most = least): string =>
  least === most ? `[A-Za-z0-9_-]{${least}}` : `[A-Za-z0-9_-]{${least},${most}}`;
export const base64 = (least: number, most = least): string =>
  least === most ? `[A-Za-z0-9+/]{${least}}` : `[A-Za-z0-9+/]{${least},${most}}`;
export const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

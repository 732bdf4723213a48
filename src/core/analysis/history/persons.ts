import type { Identity } from "../../repository/history/mailmap.ts";

/** Addresses and names that many people share, or that a tool fills in. */
const sharedAddress =
  /^$|no-?reply@|^(root|none|unknown|nobody|user|admin|git|email|me|you)@|@(localhost|example\.(com|org|net))$|^[^@]*$/i;
const sharedName = /^(root|unknown|nobody|user|admin|administrator|no name|your name|github|gitlab|ubuntu)$/i;
const bot =
  /\[bot\]$|^(dependabot|renovate|greenkeeper|github-actions|weblate|pre-commit-ci|snyk-bot|allcontributors)\b/i;

/**
 * Which identities are one person: the same address, or the same full name (two words or more). `.mailmap` has had its
 * say already; this catches the rest, because people change machines more often than they write mailmaps.
 * Returns for each identity the index of the first identity of its person.
 */
export function joinPersons(identities: readonly Identity[]): Uint32Array {
  const parent = Uint32Array.from(identities, (_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const first = new Map<string, number>();
  const join = (key: string, index: number): void => {
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, index);
      return;
    }
    const [a, b] = [find(known), find(index)];
    parent[Math.max(a, b)] = Math.min(a, b);
  };
  for (const [index, { name, email }] of identities.entries()) {
    if (!sharedAddress.test(email)) join(`<${email.toLowerCase()}>`, index);
    const plain = name.trim().replace(/\s+/g, " ").toLowerCase();
    if (plain.includes(" ") && !sharedName.test(plain)) join(plain, index);
  }
  return parent.map((_, index) => find(index));
}

/** Whether a program wrote the commits; programs own no files. */
export function isBot(identity: Identity): boolean {
  return bot.test(identity.name) || /\[bot\]@/.test(identity.email);
}

import type { Git } from "../../../contracts/git.ts";

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/**
 * Canonical name and address of each `name <email>` by the `.mailmap` of `commit`, in the order given. Git itself
 * applies the file; identities that Git cannot read stay as they are.
 */
export async function applyMailmap(
  gitDir: string,
  commit: string,
  identities: readonly string[],
  git: Git,
  signal: AbortSignal,
): Promise<Identity[]> {
  const own = identities.map(splitIdentity);
  const readable = own.flatMap((identity, index) =>
    /^[^<>\n]*$/.test(identity.name) && /^[^<>\n]*$/.test(identity.email) ? [index] : [],
  );
  if (readable.length === 0) return own;
  const output = await git.text(gitDir, ["check-mailmap", "--stdin"], {
    signal,
    settings: [`mailmap.blob=${commit}:.mailmap`],
    stdin: readable.map((index) => `${own[index]!.name} <${own[index]!.email}>\n`).join(""),
  });
  const mapped = output.split("\n");
  for (const [at, index] of readable.entries()) own[index] = splitIdentity(mapped[at] ?? identities[index]!);
  return own;
}

function splitIdentity(text: string): Identity {
  const open = text.lastIndexOf("<");
  return { name: text.slice(0, Math.max(0, open)).trim(), email: text.slice(open + 1).replace(/>$/, "") };
}

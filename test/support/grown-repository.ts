import { git } from "./repositories.ts";

const topics = ["parser", "printer", "socket", "cache", "lexer", "router"] as const;
const verbs = ["Refuse", "Count", "Close", "Merge", "Sort", "Copy"] as const;
const things = [
  "broken frames",
  "long names",
  "idle peers",
  "empty rows",
  "stale keys",
  "equal marks",
] as const;

/**
 * A repository with `count` commits, each of which changes one function of one of six Python files; what a commit says
 * has words of what it changes. Written by one `git fast-import`, so that hundreds of commits take no time.
 */
export function growRepository(folder: string, count: number): string {
  git(".", ["init", "--quiet", "--initial-branch=main", folder]);
  const versions = topics.map(() => things.map(() => 0));
  const parts: string[] = [];
  const commit = (message: string, changed: readonly number[], at: number): void => {
    const bytes = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    parts.push(
      `commit refs/heads/main\ncommitter Ada <ada@example.org> ${1_700_000_000 + at * 3_600} +0000\n${bytes(message)}`,
    );
    for (const topic of changed)
      parts.push(`M 100644 inline src/${topics[topic]!}.py\n${bytes(writeFile(topic, versions[topic]!))}`);
  };
  commit("Start", [...topics.keys()], 0);
  for (let at = 1; at < count; at++) {
    const topic = (at * 5 + Math.floor(at / 7)) % topics.length;
    const thing = (at * 3 + Math.floor(at / 5)) % things.length;
    versions[topic]![thing]!++;
    commit(`${verbs[thing]!} ${things[thing]!} in the ${topics[topic]!}`, [topic], at);
  }
  git(folder, ["fast-import", "--quiet"], { input: parts.join("") });
  return folder;
}

function writeFile(topic: number, versions: readonly number[]): string {
  const functions = things.map((thing, at) => {
    const [kind = "", noun = ""] = thing.split(" ");
    const verb = verbs[at]!.toLowerCase();
    return [
      `def ${verb}_${kind}_${noun}(${topics[topic]!}):`,
      `    """Takes ${kind} ${noun} out of one ${topics[topic]!} before it is used."""`,
      `    for ${noun} in ${topics[topic]!}.${kind}:`,
      `        ${noun}.${verb}(${versions[at]!})`,
      `    return ${topics[topic]!}`,
      "",
      "",
    ].join("\n");
  });
  return `import os\n\n\n${functions.join("")}`;
}

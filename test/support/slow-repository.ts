import { git } from "./repositories.ts";

const lines = 20_000;
const words = 400;

/** A bare repository whose lines take seconds to count: one long file of few different lines, ever anew. */
export function createSlowRepository(folder: string, commits = 60): string {
  git("/", ["init", "--quiet", "--bare", "--initial-branch=main", folder]);
  let state = 1;
  let stream = "";
  for (let at = 1; at <= commits; at++) {
    const date = `Ada <ada@example.org> ${1_600_000_000 + at * 3_600} +0000`;
    stream += `commit refs/heads/main\nmark :${at}\nauthor ${date}\ncommitter ${date}\ndata 4\nfix\n`;
    if (at > 1) stream += `from :${at - 1}\n`;
    let text = "";
    for (let line = 0; line < lines; line++) {
      state = (state * 48_271) % 2_147_483_647;
      text += `${state % words}\n`;
    }
    stream += `M 100644 inline data.txt\ndata ${text.length}\n${text}\n`;
  }
  git(folder, ["fast-import", "--quiet"], { input: stream });
  return folder;
}

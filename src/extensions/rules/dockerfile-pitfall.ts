import { defineRule, type ReviewedFile } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "dockerfile-pitfall",
  kind: "file",
  title: "Instruction that does not do what it seems to",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "This instruction does not do what it seems to.",
  why: "Each RUN is a process of its own, and its result is kept and used again.",
  docs: "Three slips in Dockerfiles: `apt-get install` without `-y`, which asks a question nobody answers; `apt-get update` in an instruction of its own, whose cached result later instructions install from; and `RUN cd` alone, after which the next instruction is where it was before. Also `chmod 777`, which lets everybody in the container change what it runs.",
  roles: ["code", "data"],
  examples: {
    bad: [
      { Dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install curl\n" },
      { Dockerfile: "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n" },
      { "a.dockerfile": "FROM debian:12\nRUN cd /app\n" },
      { Dockerfile: "FROM debian:12\nRUN mkdir /app && chmod -R 777 /app\n" },
    ],
    good: [
      {
        Dockerfile:
          "FROM debian:12\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends \\\n    curl\nWORKDIR /app\nRUN cd /x && make\n",
      },
      {
        Dockerfile:
          "FROM debian:12\nRUN apt-get -qy install curl\nRUN DEBIAN_FRONTEND=noninteractive apt-get install --yes curl\n",
      },
      { Dockerfile: "FROM debian:12\n# RUN apt-get install curl\nRUN apt-get install $OPTIONS curl\n" },
    ],
  },
  check(file) {
    if (!/(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.dockerfile$/i.test(file.path)) return [];
    const runs = readRuns(file);
    return runs.flatMap(({ line, endLine, text }) => {
      const hit = (message: string, why: string) =>
        file.isAdded(line, endLine) ? [{ line, endLine, message, why }] : [];
      for (const [command] of text.matchAll(/\bapt-get\s+[^&|;]*/g))
        if (
          /\s(?:install|upgrade|dist-upgrade)\s/.test(`${command} `) &&
          !/\s-\w*y|\s-\w*q\w*q|--yes|--assume-yes|--download-only|\$/.test(command) &&
          !/APT::Get::Assume-Yes/i.test(file.text ?? "")
        )
          return hit(
            "`apt-get install` without `-y` asks whether to go on.",
            "Nobody answers during a build, so it stops.",
          );
      if (
        /^\s*apt-get\s+(?:-\w+\s+)*update\s*$/.test(text) &&
        runs.some(
          (other) =>
            /\bapt-get\b[^&|;]*\binstall\b/.test(other.text) &&
            !/\bapt-get\b[^&|;]*\bupdate\b/.test(other.text),
        )
      )
        return hit(
          "`apt-get update` is an instruction of its own.",
          "Its cached result is used when the list of packages below changes, so old versions are asked for that are no longer there.",
        );
      const opened = /\bchmod\s+(?:-\w+\s+)*(0?777|a[+=]rwx|ugo[+=]rwx)\s+([^\s&|;]+)/.exec(text);
      if (opened !== null && !/te?mp\b|cache|\.npm\b/i.test(opened[2]!))
        return hit(
          `\`chmod ${opened[1]}\` lets everybody change what is there.`,
          "Whatever breaks into the container under any name can put its own code there; give it to the one user that needs it.",
        );
      if (/^\s*cd\s+[^\s&|;]+\s*$/.test(text))
        return hit(
          "`RUN cd` changes nothing for what follows.",
          "Each RUN starts in the working directory; WORKDIR changes it.",
        );
      return [];
    });
  },
});

interface Run {
  readonly line: number;
  readonly endLine: number;
  /** Without `RUN` and its options, on one line. */
  readonly text: string;
}

function readRuns(file: ReviewedFile): readonly Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < file.lines.length; at++) {
    const start = /^\s*RUN\s+(?:--\S+\s+)*(.*)$/i.exec(file.lines[at]!);
    if (start === null) continue;
    const first = at;
    const parts = [start[1]!];
    while (/\\\s*$/.test(parts.at(-1)!) && at + 1 < file.lines.length) {
      at++;
      // Comments may stand between the lines.
      const next = file.lines[at]!;
      parts.push(/^\s*#/.test(next) ? String.raw`\ `.trim() : next);
    }
    runs.push({
      line: first + 1,
      endLine: at + 1,
      text: parts.map((part) => part.replace(/\\\s*$/, " ")).join(""),
    });
  }
  return runs;
}

import { defineRule } from "../../contracts/review-rule.ts";
import { looksLikeSecret, namesSecret } from "./shared/credential.ts";

/** Longer ones are no longer read to their end. */
const longestLine = 2_000;

export default defineRule({
  id: "credential-in-image",
  kind: "file",
  title: "Credential in a Dockerfile",
  severity: "warning",
  category: "secret",
  confidence: "medium",
  message: "A credential becomes part of the image.",
  why: "Whoever can pull the image, or read the repository, can use it; later layers do not take it out.",
  docs: "Finds `ENV` and `ARG` with a value that looks like chance rather than like words, under names such as `PASSWORD`, `TOKEN`, `API_KEY` or `SECRET`. An `ENV` that keeps what an `ARG` of such a name was given is for information. Mount secrets during the build (`RUN --mount=type=secret`), and hand them to the container when it starts.",
  roles: ["code", "data"],
  examples: {
    bad: [
      { Dockerfile: "FROM debian:12\nENV DB_PASSWORD=k8Vq-2zRw91mXe PORT=80\n" },
      { Dockerfile: 'FROM debian:12\nARG NPM_TOKEN="k8Vq2zRw91mXeT4"\n' },
      { Dockerfile: "FROM debian:12\nENV API_KEY a91kzP0qV7mw3Rt8yB5n\n" },
      { Dockerfile: "FROM debian:12\nARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\n" },
    ],
    good: [
      {
        Dockerfile:
          "FROM debian:12\nARG NPM_TOKEN\nENV DB_PASSWORD=changeme SECRET_KEY_BASE=dummy\nENV PASSWORD_FILE=/run/secrets/k8Vq2zRw91\n",
      },
    ],
  },
  check(file) {
    if (!/(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.dockerfile$/i.test(file.path)) return [];
    const given = new Set(
      file.lines.flatMap((line) => /^\s*ARG\s+(\w+)\s*$/i.exec(line.slice(0, longestLine))?.[1] ?? []),
    );
    let instruction = "";
    return file.lines.flatMap((full, at) => {
      const written = full.slice(0, longestLine);
      const [, name, first] = /^\s*([A-Za-z]+)\s+(\S.*)$/.exec(written) ?? [];
      const isGoingOn = instruction !== "" && /\\\s*$/.test(file.lines[at - 1] ?? "");
      if (!isGoingOn) instruction = /^(?:ENV|ARG)$/i.test(name ?? "") ? name! : "";
      const rest = isGoingOn ? written : first;
      const line = at + 1;
      if (instruction === "" || rest === undefined || !file.isAdded(line, line)) return [];
      const settings = /^\w+\s+[^=\s]/.test(rest)
        ? [/^(\w+)\s+(.*)$/.exec(rest)!]
        : [...rest.matchAll(/(?<!\w)(\w+)=("[^"]*"|'[^']*'|[^\s"']\S*)/g)];
      return settings.flatMap(([, name, quoted]) => {
        const value = quoted!.trim().replace(/^["']|["'\\]+$/g, "");
        if (!namesSecret(name!) && !/(^|_)TOKEN$/i.test(name!)) return [];
        if (looksLikeSecret(value))
          return [{ line, message: `\`${name!.slice(0, 60)}\` becomes part of the image.` }];
        return given.has(/^\$\{?(\w+)\}?$/.exec(value)?.[1] ?? "")
          ? [
              {
                line,
                severity: "info" as const,
                message: `\`${name!.slice(0, 60)}\`, which the build is given, stays in the image.`,
              },
            ]
          : [];
      });
    });
  },
});

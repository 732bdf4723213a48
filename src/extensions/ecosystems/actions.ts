import { defineEcosystem, type DeclaredDependency } from "../../contracts/ecosystem.ts";

export default defineEcosystem({
  id: "actions",
  title: "GitHub Actions",
  isManifest: (path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || /(^|\/)action\.ya?ml$/.test(path),
  isLockFile: () => false,
  parseManifest: ({ text }) => {
    if (text.includes("\u0000")) return { problems: [{ message: "Not a workflow: it holds binary data." }] };
    const dependencies: DeclaredDependency[] = [];
    const seen = new Set<string>();
    for (const [index, line] of text.split("\n").entries()) {
      const match = /^\s*(?:-\s+)?uses:\s*["']?([^\s"'#@]+)@([^\s"'#]+)/.exec(line);
      const [, name = "", requirement = ""] = match ?? [];
      // Local actions (`./x`) are part of the repository, `docker://` images have no version here.
      if (match === null || name.startsWith(".") || name.includes("://") || !name.includes("/")) continue;
      // A workflow uses the same action in job after job: the first is enough.
      if (seen.has(`${name}@${requirement}`)) continue;
      seen.add(`${name}@${requirement}`);
      const version = /#\s*(?:tag=|pin@)?(v?\d[\w.-]*)/.exec(line)?.[1];
      const pinned = /^[0-9a-f]{40}$/.test(requirement) && version !== undefined;
      dependencies.push({
        name,
        requirement: pinned ? version : requirement,
        scope: "build",
        line: index + 1,
      });
    }
    return { dependencies };
  },
  parseLockFile: () => new Map(),
});

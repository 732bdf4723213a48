import { defineEcosystem, type DeclaredDependency, type DeclaredRuntime } from "../../contracts/ecosystem.ts";
import { baseName } from "./reading/lines.ts";

export default defineEcosystem({
  id: "go",
  title: "Go modules",
  isManifest: (path) => baseName(path) === "go.mod" || baseName(path) === "go.work",
  // go.mod itself holds the selected versions; go.sum also names versions that are not used.
  isLockFile: () => false,
  parseManifest: ({ path, text }) => {
    const dependencies: DeclaredDependency[] = [];
    const runtimes: DeclaredRuntime[] = [];
    const workspaces: string[] = [];
    const problems: { message: string; line: number }[] = [];
    const isWorkspace = baseName(path) === "go.work";
    let packageName: string | undefined;
    let block = "";
    for (const [index, raw] of text.split("\n").entries()) {
      const line = index + 1;
      const [statement = "", comment = ""] = raw.split("//", 2).map((part) => part.trim());
      const words = statement.split(/\s+/).filter((word) => word !== "");
      const first = words[0];
      if (first === undefined) continue;
      if (block !== "" && first === ")") {
        block = "";
        continue;
      }
      const verb = block === "" ? first : block;
      if (block === "" && words[1] === "(") {
        block = first;
        continue;
      }
      const rest = (block === "" ? words.slice(1) : words).map((word) => word.replaceAll(/^["`]|["`]$/g, ""));
      const [name = "", version = ""] = rest;
      if (verb === "module") packageName = name;
      else if (verb === "go") runtimes.push({ name: "Go", version: name, line });
      else if (verb === "toolchain")
        runtimes.push({ name: "Go toolchain", version: name.replace(/^go/, ""), line });
      else if (verb === "use") workspaces.push(name);
      else if (verb === "require" && version !== "") {
        const indirect = /(^|\s|;)indirect\b/.test(comment) ? { indirect: true as const } : {};
        dependencies.push({ name, requirement: version, scope: "runtime", line, ...indirect });
      } else if (
        !["replace", "exclude", "retract", "tool", "godebug", "ignore"].includes(verb) &&
        problems.length === 0
      )
        problems.push({ message: `Not a statement of ${baseName(path)}: ${statement.slice(0, 60)}`, line });
    }
    if (packageName === undefined && !isWorkspace)
      problems.push({ message: "No module line found.", line: 1 });
    return {
      ...(packageName === undefined ? {} : { packageName }),
      dependencies,
      runtimes,
      workspaces,
      problems,
    };
  },
  parseLockFile: () => new Map(),
});

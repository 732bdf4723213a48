import { defineEcosystem, type DeclaredDependency } from "../../contracts/ecosystem.ts";
import { addVersion, baseName } from "./reading/lines.ts";

export default defineEcosystem({
  id: "cocoapods",
  title: "CocoaPods",
  isManifest: (path) => /(^|\/)(Podfile|[^/]+\.podspec)$/.test(path),
  isLockFile: (path) => baseName(path) === "Podfile.lock",
  parseManifest: ({ path, text }) => {
    if (text.includes("\u0000"))
      return { problems: [{ message: `Not Ruby: ${baseName(path)} holds binary data.` }] };
    const dependencies: DeclaredDependency[] = [];
    const seen = new Set<string>();
    for (const [index, raw] of text.split("\n").entries()) {
      const line = raw.replace(/(^|\s)#(?!\{).*$/, "");
      const match =
        /^\s*(?:pod|\w+\.(?:\w+\.)?dependency)[\s(]+["']([^"']+)["'](?:\s*,\s*["']([^"']+)["'])?/.exec(line);
      const [, name = "", requirement = ""] = match ?? [];
      if (match === null || seen.has(name)) continue;
      seen.add(name);
      dependencies.push({ name, requirement, scope: "runtime", line: index + 1 });
    }
    return { dependencies };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const match of text.matchAll(/^ {2}- "?([^\s"(]+) \(([^)=<>~\s]+)\)/gm))
      addVersion(versions, match[1] ?? "", match[2] ?? "");
    return versions;
  },
});

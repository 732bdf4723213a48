import { defineEcosystem, type DeclaredDependency } from "../../contracts/ecosystem.ts";
import { addVersion, baseName } from "./reading/lines.ts";

export default defineEcosystem({
  id: "conan",
  title: "Conan",
  isManifest: (path) => /(^|\/)conanfile\.(txt|py)$/.test(path),
  isLockFile: (path) => baseName(path) === "conan.lock",
  parseManifest: ({ path, text }) => {
    if (text.includes("\u0000"))
      return { problems: [{ message: `Not text: ${baseName(path)} holds binary data.` }] };
    const isPython = path.endsWith(".py");
    const dependencies: DeclaredDependency[] = [];
    let section = "";
    for (const [index, raw] of text.split("\n").entries()) {
      const line = raw.replace(/(^|\s)#.*$/, "");
      section =
        /^\s*\[(\w+)\]/.exec(line)?.[1] ?? /^\s*(?:self\.)?(\w*requires)\b/.exec(line)?.[1] ?? section;
      if (
        isPython &&
        /^\s*(def|class|options|settings|generators|\w+\s*=(?!.*requires))\b/.test(line) &&
        !/requires/.test(line)
      )
        section = "";
      if (!section.endsWith("requires")) continue;
      const pattern = isPython
        ? /["']([a-z0-9_][\w+.-]*)\/(\[[^\]]+\]|[\w.+-]+)[^"']*["']/g
        : /^\s*([a-z0-9_][\w+.-]*)\/(\[[^\]]+\]|[\w.+-]+)/g;
      for (const match of line.matchAll(pattern)) {
        const scope = section === "test_requires" ? "test" : section === "requires" ? "runtime" : "build";
        dependencies.push({ name: match[1] ?? "", requirement: match[2] ?? "", scope, line: index + 1 });
      }
    }
    const name = isPython ? /^[ \t]+name\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] : undefined;
    const licence = isPython ? /^[ \t]+license\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] : undefined;
    return {
      ...(name === undefined ? {} : { packageName: name }),
      ...(licence === undefined ? {} : { licence }),
      dependencies,
    };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const match of text.matchAll(/"([a-z0-9_][\w+.-]*)\/([\w.+-]+)(?:#[^"]*)?"/g))
      addVersion(versions, match[1] ?? "", match[2] ?? "");
    return versions;
  },
});

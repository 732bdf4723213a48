import { defineEcosystem } from "../../contracts/ecosystem.ts";
import { asObject, parseJsonObject } from "./reading/json.ts";
import { addVersion, createLineFinder } from "./reading/lines.ts";

const PACKAGE = /\.package\(\s*(?:name:\s*"[^"]*"\s*,\s*)?(url|id|path):\s*"([^"]+)"\s*,?\s*([^)]*\)?)/g;

export default defineEcosystem({
  id: "swift",
  title: "Swift Package Manager",
  isManifest: (path) => /(^|\/)Package(@swift-[\d.]+)?\.swift$/.test(path),
  isLockFile: (path) => /(^|\/)Package\.resolved$/.test(path),
  parseManifest: ({ text: source }) => {
    const lineAt = createLineFinder(source);
    const text = source.replaceAll(/(^|\s)\/\/(?!\s*swift-tools)[^\n]*/g, (comment) =>
      comment.replaceAll(/[^\n]/g, " "),
    );
    const start = /\bPackage\s*\(\s*name:\s*"([^"]+)"/.exec(text);
    const tools = /^\/\/\s*swift-tools-version\s*:\s*([\d.]+)/m.exec(text);
    return {
      ...(start?.[1] === undefined ? {} : { packageName: start[1] }),
      dependencies: [...text.matchAll(PACKAGE)].flatMap((match) => {
        const [whole, kind, origin = "", rest = ""] = match;
        const name = kind === "id" ? origin : (/([^/]+?)(?:\.git)?\/?$/.exec(origin)?.[1] ?? "");
        if (name === "" || kind === "path") return [];
        return [
          {
            name,
            requirement: requirementOf(rest),
            scope: "runtime",
            line: lineAt(match.index + whole.indexOf(origin)),
          },
        ];
      }),
      runtimes:
        tools?.[1] === undefined ? [] : [{ name: "Swift", version: tools[1], line: lineAt(tools.index) }],
      entryPoints: [
        ...text.matchAll(
          /\.executableTarget\(\s*name:\s*"([^"]+)"(?:[^()]|\([^()]*\))*?(?:path:\s*"([^"]+)")?/g,
        ),
      ].map((match) => ({
        name: match[1] ?? "",
        target: match[2] ?? `Sources/${match[1] ?? ""}`,
        line: lineAt(match.index + match[0].indexOf(`"${match[1] ?? ""}"`)),
      })),
      problems: start === null ? [{ message: "Not a Swift package: no `Package(name: …)`.", line: 1 }] : [],
    };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    const root = parseJsonObject(text);
    const pins = root?.["pins"] ?? asObject(root?.["object"])?.["pins"];
    for (const item of Array.isArray(pins) ? (pins as readonly unknown[]) : []) {
      const pin = asObject(item);
      const name = pin?.["identity"] ?? pin?.["package"];
      const state = asObject(pin?.["state"]);
      const version = state?.["version"] ?? state?.["revision"];
      if (typeof name === "string" && typeof version === "string")
        addVersion(versions, name.toLowerCase(), version);
    }
    return versions;
  },
  normaliseName: (name) => name.toLowerCase(),
});

/** The version argument of `.package(…)` in its shortest readable form. */
function requirementOf(args: string): string {
  const range = /"([\d.]+[^"]*)"\s*(\.\.[.<])\s*"([^"]+)"/.exec(args);
  if (range !== null) return `${range[1] ?? ""}${range[2] ?? ""}${range[3] ?? ""}`;
  const upTo = /\.(upToNextMajor|upToNextMinor)\(\s*from:\s*"([^"]+)"/.exec(args);
  if (upTo !== null) return `${upTo[1] ?? ""}: ${upTo[2] ?? ""}`;
  const labelled = /\b(from|exact|branch|revision)\s*:\s*"([^"]+)"/.exec(args);
  if (labelled !== null) return `${labelled[1] ?? ""}: ${labelled[2] ?? ""}`;
  return /\.(?:exact|branch|revision)\(\s*"([^"]+)"/.exec(args)?.[1] ?? "";
}

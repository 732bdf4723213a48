import { defineEcosystem } from "../../contracts/ecosystem.ts";
import { addVersion, baseName } from "./reading/lines.ts";
import { readYaml, scalarText } from "./reading/yaml.ts";

export default defineEcosystem({
  id: "helm",
  title: "Helm",
  isManifest: (path) => baseName(path) === "Chart.yaml",
  isLockFile: (path) => baseName(path) === "Chart.lock",
  parseManifest: ({ text }) => {
    const yaml = readYaml(text);
    const name = yaml.text("name");
    const version = yaml.text("version");
    return {
      ...(name === undefined ? {} : { packageName: name }),
      ...(version === undefined ? {} : { packageVersion: version }),
      dependencies: yaml.entries("dependencies").flatMap(({ key }) => {
        const field = yaml.entries("dependencies", key).find((entry) => entry.key === "name");
        const chart = scalarText(field?.value ?? null);
        if (field === undefined || chart === undefined) return [];
        const requirement = yaml.text("dependencies", key, "version") ?? "";
        return [{ name: chart, requirement, scope: "runtime" as const, line: field.line }];
      }),
      problems: yaml.problems,
    };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const match of text.matchAll(/^- name: (\S+)\n(?: {2}repository: [^\n]*\n)? {2}version: (\S+)/gm))
      addVersion(versions, match[1] ?? "", match[2] ?? "");
    return versions;
  },
});

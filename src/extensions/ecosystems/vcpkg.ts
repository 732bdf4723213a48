import { defineEcosystem } from "../../contracts/ecosystem.ts";
import { readJson, stringOf } from "./reading/json.ts";
import { baseName } from "./reading/lines.ts";

export default defineEcosystem({
  id: "vcpkg",
  title: "vcpkg",
  isManifest: (path) => baseName(path) === "vcpkg.json",
  isLockFile: () => false,
  parseManifest: ({ text }) => {
    const json = readJson(text);
    const name = json.text("name");
    const licence = json.text("license");
    const version = ["version", "version-semver", "version-string", "version-date"]
      .map((key) => json.text(key))
      .find((value) => value !== undefined);
    return {
      ...(name === undefined ? {} : { packageName: name }),
      ...(version === undefined ? {} : { packageVersion: version }),
      ...(licence === undefined ? {} : { licence }),
      dependencies: json.entries(json.at("dependencies")).flatMap(({ key, value, line }) => {
        const index = Number(key);
        const field = json.at("dependencies", index, "name");
        const dependency = stringOf(value) ?? stringOf(field);
        if (dependency === undefined) return [];
        const requirement = json.text("dependencies", index, "version>=") ?? "";
        const isHost = json.at("dependencies", index, "host")?.value === true;
        return [
          {
            name: dependency,
            requirement,
            scope: isHost ? "build" : "runtime",
            line: field === undefined ? line : json.line(field),
          },
        ];
      }),
      problems: json.problems,
    };
  },
  parseLockFile: () => new Map(),
});

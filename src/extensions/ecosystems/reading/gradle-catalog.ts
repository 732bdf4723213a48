import type { DeclaredDependency, DependencyScope, ManifestFacts } from "../../../contracts/ecosystem.ts";
import { asObject } from "./json.ts";
import { readToml } from "./toml.ts";

/** A version catalog (`libs.versions.toml`). */
export function readCatalog(text: string): ManifestFacts {
  const toml = readToml(text);
  const versionOf = (value: unknown): string => {
    if (typeof value === "string") return value;
    const table = asObject(value);
    const reference = table?.["ref"];
    if (typeof reference === "string") return toml.text("versions", reference) ?? "";
    const rich = table?.["strictly"] ?? table?.["require"] ?? table?.["prefer"];
    return typeof rich === "string" ? rich : "";
  };
  const read = (section: string, scope: DependencyScope): DeclaredDependency[] =>
    toml.entries(section).flatMap(({ value, line }) => {
      const table = asObject(value);
      const parts = typeof value === "string" ? value.split(":") : [];
      const isPlugin = section === "plugins";
      const short = isPlugin ? parts[0] : parts.slice(0, 2).join(":");
      const long =
        table?.["module"] ??
        table?.["id"] ??
        (typeof table?.["name"] === "string" && typeof table["group"] === "string"
          ? `${table["group"]}:${table["name"]}`
          : undefined);
      const name = typeof value === "string" ? short : long;
      if (typeof name !== "string" || name === "") return [];
      const requirement =
        typeof value === "string" ? parts.at(isPlugin ? 1 : 2) : versionOf(table?.["version"]);
      return [{ name, requirement: requirement ?? "", scope, line, shared: true as const }];
    });
  return {
    dependencies: [...read("libraries", "runtime"), ...read("plugins", "build")],
    problems: toml.problems,
  };
}

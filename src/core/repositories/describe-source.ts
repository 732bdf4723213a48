import { basename } from "node:path";
import { AppError } from "../../base/errors.ts";
import { parseSource } from "../repository/source.ts";

export interface DescribedSource {
  /** Address without credentials, or absolute path. */
  readonly source: string;
  readonly name: string;
}

/**
 * A source as it is stored: the same text for the same repository where that is known.
 * @throws AppError `source-invalid`, `source-refused`
 */
export function describeSource(
  text: string,
  options: {
    readonly protocols: readonly string[];
    readonly allowsLocalSources: boolean;
    readonly cwd?: string;
  },
): DescribedSource {
  const source = parseSource(text, { cwd: options.cwd ?? process.cwd(), protocols: options.protocols });
  if (source.kind === "local") {
    if (!options.allowsLocalSources)
      throw new AppError(
        "source-refused",
        "This server takes no paths of its own machine as source (server.local_sources).",
      );
    if (options.cwd === undefined && !text.startsWith("/") && !text.startsWith("file:"))
      throw new AppError("source-invalid", `The source ${JSON.stringify(text)} is not an absolute path.`);
    return { source: source.path, name: basename(source.path).replace(/\.git$/, "") || "repository" };
  }
  if (source.credentials !== null)
    throw new AppError(
      "source-refused",
      "An address with a password or token in it would be stored; set git.tokens instead.",
    );
  return { source: source.url, name: source.name };
}

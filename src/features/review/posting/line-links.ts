import type { HostId } from "../../../contracts/code-host.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";

/** How each host names the page of its repository from a pull request's, and lines of a file at a commit. */
const pages: Readonly<
  Record<
    HostId,
    {
      readonly pull: RegExp;
      readonly file: (commit: string, path: string) => string;
      readonly lines: (line: number, endLine: number) => string;
    }
  >
> = {
  github: {
    pull: /\/pull\/\d+\/?$/,
    file: (commit, path) => `/blob/${commit}/${path}`,
    lines: (line, endLine) => (line === endLine ? `L${line}` : `L${line}-L${endLine}`),
  },
  gitlab: {
    pull: /\/-\/merge_requests\/\d+\/?$/,
    file: (commit, path) => `/-/blob/${commit}/${path}`,
    lines: (line, endLine) => (line === endLine ? `L${line}` : `L${line}-${endLine}`),
  },
  gitea: {
    pull: /\/pulls\/\d+\/?$/,
    file: (commit, path) => `/src/commit/${commit}/${path}`,
    lines: (line, endLine) => (line === endLine ? `L${line}` : `L${line}-L${endLine}`),
  },
};

/** Browsers and hosts take no longer ones. */
const maxLength = 2_000;

/** Addresses of findings' lines on the host, at the commit that they are of; null where one cannot be told. */
export function createLineLinks(
  host: HostId,
  pullUrl: string,
  review: Pick<ReviewResult, "head" | "base" | "files">,
): (place: Pick<Finding, "path" | "side" | "line" | "endLine">) => string | null {
  const { pull, file, lines } = pages[host];
  const isUsable = /^https?:\/\/[^\s()<>[\]\\"]+$/.test(pullUrl) && pull.test(pullUrl);
  if (!isUsable) return () => null;
  const repository = pullUrl.replace(pull, "");
  const oldPaths = new Map(
    review.files.flatMap(({ path, oldPath }) => (oldPath === null ? [] : [[path, oldPath]])),
  );
  return ({ path, side, line, endLine }) => {
    const commit = side === "new" ? review.head : review.base;
    if (commit === null) return null;
    const at = side === "new" ? path : (oldPaths.get(path) ?? path);
    const link = `${repository}${file(commit, encodePath(at))}#${lines(line, endLine)}`;
    return link.length > maxLength ? null : link;
  };
}

function encodePath(path: string): string {
  return path
    .split("/")
    .map((part) =>
      // These would end the address in Markdown.
      encodeURIComponent(part.toWellFormed()).replace(
        /[()'*!~]/g,
        (one) => `%${one.charCodeAt(0).toString(16)}`,
      ),
    )
    .join("/");
}

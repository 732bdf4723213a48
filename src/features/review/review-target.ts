import { AppError } from "../../base/errors.ts";
import type { HostId, PullRef } from "../../contracts/code-host.ts";

/** What is to be reviewed. */
export type ReviewTarget =
  | {
      readonly kind: "range";
      readonly source: string;
      readonly cwd: string;
      /** Revisions; null: found out. */
      readonly base: string | null;
      readonly head: string | null;
    }
  | {
      readonly kind: "uncommitted";
      readonly source: string;
      readonly cwd: string;
      /** Only what is staged; false: what the tracked files are now. */
      readonly isStaged: boolean;
    }
  | { readonly kind: "patch"; readonly text: string | Uint8Array }
  | ({ readonly kind: "pull" } & PullTarget);

export interface PullTarget {
  readonly pull: PullRef;
  /** Where its repository is, by the address that a person gave: enough for a public one on a host that we have no access to. */
  readonly address?: string;
  /** What a webhook said already, and need not be asked again. */
  readonly known?: {
    readonly cloneUrl: string;
    /** Commit; null: whatever it is now. */
    readonly head: string | null;
    /** Commit or branch. */
    readonly base: string;
    readonly title: string | null;
    readonly body: string | null;
  };
}

const shapes: readonly { readonly host: HostId; readonly path: RegExp }[] = [
  { host: "gitlab", path: /^\/(?<repository>.+?)\/-\/merge_requests\/(?<number>\d+)(?:\/|$)/ },
  { host: "gitea", path: /^\/(?<repository>[^/]+\/[^/]+)\/pulls\/(?<number>\d+)(?:\/|$)/ },
  { host: "github", path: /^\/(?<repository>[^/]+\/[^/]+)\/pull\/(?<number>\d+)(?:\/|$)/ },
];

/** Reads the address of a pull request as a browser shows it. @throws AppError `usage` */
export function parsePullAddress(text: string): Required<Pick<PullTarget, "pull" | "address">> {
  const url = URL.canParse(text) ? new URL(text) : null;
  for (const { host, path } of shapes) {
    const found = url === null ? undefined : path.exec(decodePath(url.pathname))?.groups;
    if (found !== undefined) {
      const repository = found["repository"]!;
      return {
        pull: { host, repository, number: Number(found["number"]), installation: null },
        address: `${url!.origin}/${repository.split("/").map(encodeURIComponent).join("/")}.git`,
      };
    }
  }
  throw new AppError(
    "usage",
    `${JSON.stringify(text.slice(0, 200))} is no address of a pull request, such as https://github.com/owner/name/pull/7, https://gitlab.com/group/name/-/merge_requests/7 or https://codeberg.org/owner/name/pulls/7.`,
  );
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

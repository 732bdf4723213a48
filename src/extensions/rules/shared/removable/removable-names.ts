import type { ChangeExample } from "../../../../contracts/review-rule.ts";

/** A name that a file offers to others. */
export interface OfferedName {
  /** As others write it: the last part. */
  readonly name: string;
  /** For people, and to tell apart what is called the same. */
  readonly fullName: string;
  /** Package, namespace or module; the language's own affair. */
  readonly scope: string;
  readonly kind: "type" | "function" | "value" | "member";
}

export interface RemovedName extends OfferedName {
  /** Where it was. */
  readonly path: string;
}

/** A place that cannot mean anything but the name that is gone. */
export interface NameUse {
  /** From 1. */
  readonly line: number;
  /** As people would say it: "imported from `./price.ts`". */
  readonly how: string;
}

/** The repository after the change. */
export interface Surroundings {
  readonly paths: readonly string[];
  readonly has: (path: string) => boolean;
  /** Null: no such file, or too much was read already. */
  readonly read: (path: string) => Promise<string | null>;
  /** Files that name it, best first; without an index those near `near` that may. */
  readonly naming: (
    name: string,
    near: string,
    files: RegExp,
  ) => Promise<{ readonly paths: readonly string[]; readonly isAll: boolean }>;
}

/**
 * What a language lets one file take from another, as far as texts alone decide it. Whatever is in doubt answers, or is
 * no use: a wrong word costs more than ten that are missed.
 */
export interface RemovableNames {
  readonly files: RegExp;
  /** Files of other languages that declare names for this one. */
  readonly suppliers?: RegExp;
  /** A name may be declared anywhere, so who does not see the whole repository stays silent. */
  readonly isGlobal: boolean;
  offered(path: string, text: string): readonly OfferedName[];
  /** Files beyond those that name it and those of the change that could supply it. */
  providers(removed: RemovedName, around: Surroundings): readonly string[];
  /** Whether a file, as it is after the change, may supply the name. Its own file is asked too, if it is still there. */
  mayAnswer(removed: RemovedName, path: string, text: string): boolean;
  findUse(removed: RemovedName, path: string, text: string, around: Surroundings): Promise<NameUse | null>;
  /** The language's part of the rule's examples. */
  readonly examples: { readonly bad: readonly ChangeExample[]; readonly good: readonly ChangeExample[] };
}

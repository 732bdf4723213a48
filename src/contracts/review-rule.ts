import type { FileDiff } from "./diff.ts";
import type { FindingCategory, Severity } from "./finding.ts";

/** What part of a repository a file is, by its path, its content and `.gitattributes`. */
export type ReviewedRole = "code" | "test" | "example" | "documentation" | "data" | "generated" | "vendored";

/** One file of a change, as rules see it: after the change. */
export interface ReviewedFile {
  readonly path: string;
  readonly oldPath: string | null;
  readonly diff: FileDiff;
  /** Linguist name; null for binary, unknown and deleted files. */
  readonly language: string | null;
  readonly role: ReviewedRole;
  /**
   * Content after the change; null when it is deleted, binary, a submodule or too large. Of a bare patch only what the
   * patch shows, every line in its place and the unknown ones empty: then `isWhole` is false.
   */
  readonly text: string | null;
  readonly isWhole: boolean;
  /** `text` by lines, without line ends; line n is `lines[n - 1]`. Empty when `text` is null. */
  readonly lines: readonly string[];
  /** Numbers of the added lines, ascending. */
  readonly added: readonly number[];
  /** Whether any line from `first` to `last` was added. */
  isAdded(first: number, last: number): boolean;
}

/** A whole change, for rules that must see more than one file. */
export interface ReviewedChange {
  readonly files: readonly ReviewedFile[];
  /** Path before or after the change. */
  file(path: string): ReviewedFile | undefined;
  /** Content before the change; null where there was none, or nobody knows it (a bare patch). */
  before(path: string): Promise<string | null>;
  /** Content after the change of any file of the repository; null as above. */
  read(path: string): Promise<string | null>;
  /** Every path after the change; null for a bare patch. */
  paths(): Promise<readonly string[] | null>;
  /** Who else names something; null where there is no index (a bare patch, or one that was not asked for). */
  readonly references: ReviewedReferences | null;
}

export interface ReviewedReferences {
  /** Symbols defined in that text, as the index reads them. */
  symbols(path: string, text: string): Promise<readonly ReviewedSymbol[]>;
  /** Files after the change that mention the name, with the first line each; best first, at most `limit`. */
  mentions(name: string, limit: number): Promise<readonly { readonly path: string; readonly line: number }[]>;
  /** Files after the change that define the name. */
  definitions(name: string): Promise<readonly string[]>;
}

export interface ReviewedSymbol {
  readonly kind: "function" | "method" | "class" | "type";
  readonly name: string;
  /** From 1, inclusive. */
  readonly line: number;
  readonly endLine: number;
}

/** What a rule says of one place. What is left out comes from the rule. */
export interface RuleHit {
  /** Needed of rules about a whole change only. */
  readonly path?: string;
  readonly line: number;
  /** The same as `line` unless given. */
  readonly endLine?: number;
  /** `new` unless given. */
  readonly side?: "new" | "old";
  readonly message?: string;
  readonly why?: string;
  readonly severity?: Severity;
  readonly confidence?: "high" | "medium" | "low";
  /** See `Finding.suggestion`. */
  readonly suggestion?: string;
  readonly subject?: string;
  readonly isConsequence?: true;
}

/**
 * A change written down for an example: by path the content after it, or the contents before and after it (null: no
 * such file).
 */
export type ChangeExample = Readonly<
  Record<string, string | readonly [before: string | null, after: string | null]>
>;

interface RuleBase {
  /** Same as the file name, kebab-case. */
  readonly id: string;
  /** One line. */
  readonly title: string;
  readonly severity: Severity;
  readonly category: FindingCategory;
  readonly confidence: "high" | "medium" | "low";
  /** What is wrong with it, what to do instead, and when the rule is better switched off. For the manual. */
  readonly docs: string;
  /** Roles that the rule speaks about; default: `code` alone. */
  readonly roles?: readonly ReviewedRole[];
  /** Changes it must speak about, and changes it must be silent about: its tests, and its documentation. */
  readonly examples: { readonly bad: readonly ChangeExample[]; readonly good: readonly ChangeExample[] };
}

/** The part of a syntax tree that rules may use; tree-sitter's nodes fit. Rows are from 0. */
export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly startPosition: { readonly row: number; readonly column: number };
  readonly endPosition: { readonly row: number; readonly column: number };
  readonly startIndex: number;
  readonly endIndex: number;
  readonly hasError: boolean;
  readonly parent: SyntaxNode | null;
  readonly namedChildren: readonly SyntaxNode[];
  readonly previousNamedSibling: SyntaxNode | null;
  readonly nextNamedSibling: SyntaxNode | null;
  childForFieldName(name: string): SyntaxNode | null;
}

export interface SyntaxMatch {
  /** The node under `@finding`. */
  readonly node: SyntaxNode;
  /** The first node under another capture of the query. */
  readonly capture: (name: string) => SyntaxNode | undefined;
  readonly file: ReviewedFile;
  /** Id of the language definition whose query matched, e.g. `typescript`. */
  readonly languageId: string;
}

/** Looks at syntax trees. Matches on lines that were not added are dropped before `check` sees them. */
export interface SyntaxRule extends RuleBase {
  readonly kind: "syntax";
  /** What each finding says unless `check` says it otherwise. */
  readonly message: string;
  readonly why: string;
  /**
   * Tree-sitter queries by the ids of language definitions (extensions/languages) whose grammar they are for. `@finding` is
   * the node that is reported; its first line is what is shown.
   */
  readonly queries: readonly { readonly languages: readonly string[]; readonly query: string }[];
  /** The last word on a match: null lets it go. Without it every match is a finding on the node's lines. */
  check?(match: SyntaxMatch): Partial<RuleHit> | null;
}

/** Looks at one file as text. Hits on lines that were not added are dropped, unless they are consequences. */
export interface FileRule extends RuleBase {
  readonly kind: "file";
  readonly message: string;
  readonly why: string;
  check(file: ReviewedFile): readonly RuleHit[];
}

/** Looks at the whole change. `roles` do not matter: it must look itself. */
export interface ChangeRule extends RuleBase {
  readonly kind: "change";
  readonly message: string;
  readonly why: string;
  check(change: ReviewedChange, signal: AbortSignal): Promise<readonly RuleHit[]>;
}

/** One thing that a review looks for. One file in extensions/rules. */
export type RuleDefinition = SyntaxRule | FileRule | ChangeRule;

export function defineRule<R extends RuleDefinition>(definition: R): R {
  return definition;
}

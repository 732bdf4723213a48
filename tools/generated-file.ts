/** A file that is made from a definition, committed, and checked against it. */
export interface GeneratedFile {
  /** From the top of the project. */
  readonly path: string;
  readonly content: string;
}

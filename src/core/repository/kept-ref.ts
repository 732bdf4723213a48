/** Under which name a further ref of a remote source is kept: where no pruning fetch looks. */
export function keptRef(ref: string): string {
  return `refs/repowright/${ref}`;
}

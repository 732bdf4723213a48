/**
 * What strangers wrote, below a title that begins with a word of ours: its fence is longer than any in it, so that nothing in it
 * can close it.
 */
export function fenceBlock(title: string, data: string): string {
  const longest = (data.match(/`{3,}/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${title}\n${fence}\n${data}\n${fence}`;
}

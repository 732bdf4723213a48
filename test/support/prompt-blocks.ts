/** Reads a prompt back as a reader of Markdown would: what stands between fences, and what around them. */
export function readPromptBlocks(prompt: string): {
  readonly blocks: readonly { readonly title: string; readonly text: string }[];
  readonly outside: readonly string[];
  readonly isClosed: boolean;
} {
  const blocks: { title: string; text: string }[] = [];
  const outside: string[] = [];
  let fence: string | null = null;
  let inside: string[] = [];
  // Whatever anybody takes for the end of a line.
  for (const line of prompt.split(/\r\n|[\n\r\u0085\u2028\u2029]/)) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (fence === null) {
      if (marks === null) outside.push(line);
      else fence = marks;
    } else if (
      marks !== null &&
      marks[0] === fence[0] &&
      marks.length >= fence.length &&
      line.trim() === marks
    ) {
      blocks.push({ title: outside.at(-1) ?? "", text: inside.join("\n") });
      [fence, inside] = [null, []];
    } else inside.push(line);
  }
  return { blocks, outside, isClosed: fence === null };
}

import { commandOptionsSchema } from "../../contracts/code-host.ts";
import { readMark, toMark } from "../../contracts/comment-mark.ts";
import { defineJob } from "../../contracts/job.ts";
import { readCommand } from "./posting/read-command.ts";
import { runCommand } from "./posting/run-command.ts";

export default defineJob({
  kind: "review-command",
  summary: "Do what a comment on a pull request asks for, and answer it",
  needsSource: false,
  options: commandOptionsSchema,
  attempts: 5,
  backoff: { firstMs: 3_000, mostMs: 5 * 60_000 },
  timeoutMs: 20 * 60_000,
  concurrency: 2,
  priority: 40,
  dedupeKey: () => null,
  async run(context, options) {
    const { pull, text, author, commentId, isInThread, repliesTo } = options;
    const command = readCommand(text);
    // Two programs must not keep each other busy.
    const isByProgram = author.toLowerCase().endsWith("[bot]") || readMark(text) !== null;
    if (command === null || isByProgram) return { command: null };
    const client = await context.services.codeHosts.client(pull.host);
    // Kept, so that what was restored or dismissed is not looked for again when only the answer failed.
    const answer = await context.step("command", () => runCommand({ command, options, client, context }));
    await context.step("answer", async (signal) => {
      const body = `${answer}\n\n${toMark({ kind: "reply", fingerprint: "" })}`;
      await client.reply(pull, isInThread ? (repliesTo ?? commentId) : commentId, isInThread, body, signal);
      return true;
    });
    return { command: command.name };
  },
});

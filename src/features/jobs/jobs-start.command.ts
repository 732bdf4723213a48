import { AppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { parseSource } from "../../core/repository/source.ts";
import { followJob } from "./follow-job.ts";

export default defineCommand({
  name: "jobs start",
  summary: "Start a job",
  positionals: [
    { name: "KIND", description: "Kind of the job, e.g. analyze", required: true },
    { name: "SOURCE", description: "Address or path of the repository", required: false },
  ],
  options: {
    rev: { type: "string", value: "REV", description: "Branch, tag or commit" },
    options: { type: "string", value: "JSON", description: "Options of the kind, as a JSON object" },
    priority: { type: "string", value: "N", description: "From -100 to 100; larger goes first" },
    watch: { type: "boolean", description: "Follow it until it ends; the exit code says how" },
    json: { type: "boolean", description: "Print the job as JSON, with --watch its events" },
  },
  examples: [
    "repowright jobs start analyze https://github.com/sindresorhus/slugify --watch",
    `repowright jobs start analyze . --options '{"lines":false}'`,
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const [kind, source] = positionals;
    const found = await services.jobs();
    const { jobs } = found;
    const { job, isNew } = await jobs.start(
      {
        kind: kind!,
        source: source === undefined ? null : toAbsolute(source, cwd),
        rev: options.rev ?? null,
        ...(options.options === undefined ? {} : { options: toObject(options.options) }),
        ...(options.priority === undefined ? {} : { priority: toPriority(options.priority) }),
      },
      { caller: "local", allowsLocalSources: true, cwd },
    );
    if (!isNew && !options.json) terminal.note(`The same job waits already: ${job.id}`);
    if (options.watch) return followJob(job.id, found, terminal, options.json, signal);
    if (options.json) terminal.write(`${JSON.stringify(job, null, 2)}\n`);
    else {
      terminal.write(`${job.id}\n`);
      const place = await jobs.place(job);
      if (place?.reason === "no-worker") terminal.note(place.message);
      terminal.note(`Follow it: repowright jobs watch ${job.id}`);
    }
    return 0;
  },
});

/** A server has another current folder than the person. */
function toAbsolute(source: string, cwd: string): string {
  const parsed = parseSource(source, { cwd, protocols: ["https", "http", "ssh", "file"] });
  return parsed.kind === "local" ? parsed.path : source;
}

function toObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below, with the other values that are no object.
  }
  throw new AppError(
    "usage",
    `--options takes a JSON object such as {"lines":false}, not ${text.slice(0, 200)}`,
  );
}

function toPriority(text: string): number {
  const priority = Number(text);
  if (/^-?\d+$/.test(text) && Math.abs(priority) <= 100) return priority;
  throw new AppError(
    "usage",
    `--priority takes a whole number from -100 to 100, not ${JSON.stringify(text)}.`,
  );
}

import { printableLine } from "../../base/text.ts";
import type { Job, JobEvent } from "../../contracts/job.ts";

/** Whether nothing more will happen to a job by itself. */
export function isEnded(job: Pick<Job, "status">): boolean {
  return job.status === "completed" || job.status === "failed" || job.status === "cancelled";
}

/** `5 s ago`, `in 2 min`: for a person, to one unit. */
export function formatAge(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (Math.abs(seconds) < 1) return "now";
  const span = formatSpan(Math.abs(seconds) * 1000);
  return seconds > 0 ? `${span} ago` : `in ${span}`;
}

/** `850 ms`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** The one line that says most about a job now. */
export function describeJob(job: Job): string {
  if (job.status === "failed" && job.error !== null) return `${job.error.code}: ${job.error.message}`;
  if (job.status === "waiting" && job.approval !== null) return job.approval.question;
  if (job.status === "processing" && job.progress !== null) return describeProgress(job.progress);
  if (job.status === "pending" && job.error !== null)
    return `again after ${job.error.code}: ${job.error.message}`;
  return "";
}

function describeProgress(progress: { readonly fraction: number | null; readonly message: string }): string {
  return progress.fraction === null
    ? progress.message
    : `${progress.message} ${Math.floor(progress.fraction * 100)} %`;
}

/** One line about an event, for a log. */
export function describeEvent(event: JobEvent): string {
  const { data } = event;
  const time = event.at.slice(11, 19);
  return `${time}  ${event.type.padEnd(8)}  ${printableLine(describeData(event.type, data))}`;
}

function describeData(type: JobEvent["type"], data: JobEvent["data"]): string {
  const text = (name: string): string => (typeof data[name] === "string" ? data[name] : "");
  if (type === "progress")
    return describeProgress({
      fraction: typeof data["fraction"] === "number" ? data["fraction"] : null,
      message: text("message"),
    });
  if (type === "log") return `${text("level")} ${text("message")}`;
  const error = data["error"] as { readonly code?: string; readonly message?: string } | undefined;
  return [
    text("status"),
    typeof data["attempt"] === "number" && data["attempt"] > 0 ? `attempt ${data["attempt"]}` : "",
    text("reason"),
    error?.code === undefined ? "" : `${error.code}: ${error.message ?? ""}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

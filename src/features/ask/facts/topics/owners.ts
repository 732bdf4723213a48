import type { Analysis, AnalysisHistory } from "../../../../contracts/analysis.ts";
import { groupPersons } from "../../../../core/analysis/history/group-persons.ts";
import { isBot } from "../../../../core/analysis/history/persons.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { findPlace, type Place } from "../find-place.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { day, enumerate, percent, plural } from "../wording.ts";

const generalWords = wordsOf(
  "who whom wrote writes written made makes created creator creators maintain maintains maintainer maintainers author",
  "authors contributor contributors contributed contributes contribute owner owners owns behind main top biggest most",
  "active key core people person persons developer developers develops developed develop knows know best works work on commits commit ask contact",
);
const general =
  /^who (wrote|writes|made|makes|created|maintains|owns|developed|develops|knows|contributes to|works on|is behind|has (written|made)) (it|most of it|the most of it|this)( (best|most))?$|\b(main|top|biggest|most active|key|core)? ?(authors|contributors|maintainers|owners|developers)\b|^who (is|are) (the|its) (main |key |core )?(author|maintainer|owner|creator|contributor|developer)s?\b|^who (contributed|committed|commits|contributes|knows it) (the )?(most|best)$/i;
const about: readonly RegExp[] = [
  /^who (?:knows|owns|maintains|wrote|writes|created|is responsible for|works on|worked on|has worked on|understands|touched|changed|edited|takes care of|is familiar with) (?:about |most of )?(?<place>.+?)(?: (?:best|most|well))?$/i,
  /^who (?:should|could|can|would|must) (?:i ask about|review|i ask to review|i contact about|look at|be asked about|be a reviewer (?:of|for)|approve) (?:changes? (?:to|in|of|on) |a change (?:to|in) |pull requests? (?:to|for|in) |prs? (?:to|for|in) )?(?<place>.+)$/i,
  /^(?:who|whom) (?:do|to|should) (?:i |we )?(?:ask|contact|talk to) about (?<place>.+)$/i,
  /^who (?:is|are) (?:the |an |its )?(?:main |key )?(?:owners?|maintainers?|experts?|authors?|reviewers?)(?: of| for| on| in) (?<place>.+)$/i,
  /^who has (?:the )?(?:most|best) (?:knowledge|expertise|experience) (?:of|about|on|in|with) (?<place>.+)$/i,
];
const most = 5;

export const owners: FactTopic = {
  id: "owners",
  examples: {
    answered: [
      "Who wrote this?",
      "Who are the main contributors?",
      "Who knows src/server?",
      "who owns src/server/index.ts",
      "Who should review changes to the server?",
      "who knows src/sever",
      "Who maintains the tests?",
      "whom should I ask about index.ts?",
    ],
    left: [
      "Who calls the parser?",
      "Who owns the connection after an upgrade?",
      "Who can delete a document?",
      "who knows the password",
      "Where is the owner of a document checked?",
      "Who is notified when a job fails?",
      "Who wrote the function that closes sockets?",
    ],
  },
  find(question, analysis) {
    const { text } = question;
    if (/^who\b/i.test(text) || /\b(authors|contributors|maintainers|developers)\b/i.test(text))
      if (general.test(text) && isOnlyAbout(question, generalWords)) return describeAll(analysis);
    for (const named of placesAsked(text)) {
      const place = findPlace(named, analysis);
      if (place) return describePlace(place, analysis);
    }
    return null;
  },
};

/** What a question asks the owners of, as it is named there; none when it asks for something else. */
export function placesAsked(text: string): readonly string[] {
  return about.flatMap((pattern) => {
    const named = pattern.exec(text)?.groups?.["place"]?.replace(/ (?:in|of) it$/i, "");
    return named === undefined || /^(it|this|them)$/i.test(named) ? [] : [named];
  });
}

function describeAll({ history }: Analysis): Fact | null {
  const people = groupPersons(history.authors).filter((author) => !isBot(author));
  if (people.length === 0) return null;
  const named = people
    .slice(0, most)
    .map(
      (author) =>
        `${author.name} (${percent(author.commits / history.commits)}, last ${day(author.lastCommitAt)})`,
    );
  return {
    statement: `Those with most of its ${plural(history.commits, "commit")} are ${enumerate(named)}${people.length > most ? `; ${plural(people.length - most, "other person has", "other people have")} commits too` : ""}.`,
    evidence: [],
    confidence: "certain",
  };
}

function describePlace(place: Place, analysis: Analysis): Fact | null {
  const { history } = analysis;
  const folder = place.kind === "file" ? folderOf(place.path) : place.path;
  const [key, shares] = ownersOf(folder, place.kind, history);
  const people = shares.filter(([name]) => !isBot({ name, email: "" })).slice(0, most);
  if (people.length === 0) return null;
  const last = lastCommits(history.authors);
  const isMerged = key.endsWith("/*");
  const named = people.map(([name, share]) => {
    const at = last.get(name);
    return `${name} (${isMerged ? "at least " : ""}${percent(share)}${at === undefined ? "" : `, last commit ${day(at)}`})`;
  });
  const where = isMerged ? key.slice(0, -2) : key;
  const shown = where === "." ? "the files at the top" : `${where}/`;
  const holds =
    place.path === where ? "" : ` Owners are known by folder: ${place.path} is counted in ${shown}.`;
  const others =
    place.others.length === 0 ? "" : ` Other folders of that name: ${enumerate(place.others, 3)}.`;
  return {
    statement: `Those who changed ${shown} most are ${enumerate(named)}.${holds}${others}`,
    evidence: [{ path: place.path, note: named[0]! }],
    confidence: place.isExact && holds === "" && !isMerged ? "certain" : "likely",
  };
}

/** When each name was last seen; a person goes by several names, and any of them was seen when the person was. */
function lastCommits(authors: AnalysisHistory["authors"]): ReadonlyMap<string, string> {
  const ofPerson = new Map(groupPersons(authors).map((author) => [author.person, author.lastCommitAt]));
  const last = new Map<string, string>();
  for (const { name, person } of authors) {
    const at = ofPerson.get(person)!;
    if ((last.get(name) ?? "") < at) last.set(name, at);
  }
  return last;
}

type Shares = readonly (readonly [name: string, share: number])[];

/**
 * The report knows owners for folders of up to two levels; `src` there means the files directly in it, so a whole
 * folder is put together from its parts. The shares are then the least that they can be: each part lists few people.
 */
function ownersOf(
  folder: string,
  kind: Place["kind"],
  history: AnalysisHistory,
): [key: string, shares: Shares] {
  const parts = folder.split("/");
  const own = parts.slice(0, 2).join("/");
  const direct = history.ownership.find((one) => one.path === own);
  const shares = direct?.owners.map((owner) => [owner.name, owner.share] as const) ?? [];
  if (kind === "file" || parts.length > 1) return [own, shares];
  const inside = history.ownership.filter((one) => one.path === own || one.path.startsWith(`${own}/`));
  if (inside.length < 2)
    return inside.length === 0 ? [own, []] : [own, inside[0]!.owners.map((one) => [one.name, one.share])];
  const commits = inside.reduce((sum, one) => sum + one.commits, 0);
  const sums = new Map<string, number>();
  for (const one of inside)
    for (const owner of one.owners)
      sums.set(owner.name, (sums.get(owner.name) ?? 0) + (owner.share * one.commits) / commits);
  return [`${own}/*`, [...sums].sort((a, b) => b[1] - a[1])];
}

function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end === -1 ? "." : path.slice(0, end);
}

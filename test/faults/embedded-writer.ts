import { openSync, writeSync } from "node:fs";
import { maintain } from "../../src/core/database/maintenance.ts";
import { openEmbedded } from "../../src/core/database/open-embedded.ts";
import { snapshotFolder, takeSnapshot } from "../../src/core/database/snapshots.ts";
import { createEmbeddedPorts } from "../support/embedded.ts";

/**
 * Runs until it is killed: opens the database, migrates it a step further each time, writes rows and notes each one in
 * the ledger once it is acknowledged; in between snapshots, maintenance and transactions that are undone.
 */
const [dataDir, ledgerPath, round] = process.argv.slice(2) as [string, string, string];
const ledger = openSync(ledgerPath, "a");
const say = (text: string): void => void writeSync(1, `${text}\n`);

const first = createEmbeddedPorts().migrations;
const further = Array.from({ length: Number(round) }, (_, index) => ({
  version: first.length + index + 1,
  name: `${first.length + index + 1}_test`,
  sql: `create table extra_${index} as select i, repeat('x', 500) as x from generate_series(1, 200) i;
        create index on extra_${index} (i);`,
}));
const { database, ballast } = await openEmbedded(
  dataDir,
  createEmbeddedPorts({ migrations: [...first, ...further] }),
);
say("open");
const inserts = `insert into repositories (id, source, name) values ($1, $1, 'x')`;
for (let n = 0; ; n++) {
  const id = `${round}-${n}`;
  if (n % 10 === 9)
    await database.transaction(async (transaction) => {
      await transaction.query(inserts, [id]);
      await transaction.query("insert into snapshots (repository_id, commit_id) values ($1, 'c')", [id]);
    });
  else await database.query(inserts, [id]);
  // Acknowledged: from here on it must be there.
  writeSync(ledger, `${id}\n`);
  if (n % 300 === 150) {
    say("snapshot");
    await takeSnapshot({ database, folder: snapshotFolder(dataDir), kept: 2, now: Date.now });
  } else if (n % 300 === 299) {
    say("maintain");
    await maintain({ database, ballast });
  } else if (n % 20 === 0) say("write");
}

// Makes data sets by DuckDB: make_sets.mjs FOLDER ROWS SET...   (SET: one of sets.mjs)
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { setOf } from './sets.mjs';

const [folder, rowsText, ...names] = process.argv.slice(2);
const rows = Number(rowsText);
const sets = names.map(name => ({ name, ...setOf(name, rows) }));

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run('set threads = 2');
await connection.run('set preserve_insertion_order = false');

// Written beside its place and then moved there: a set that was interrupted is not taken for a whole one.
async function write({ name, file, query, parts, options }) {
  const whole = `${folder}/${name}`;
  const part = `${whole}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(`${part}/${file}`.replace(/\/[^/]*$/, ''), { recursive: true });
  if (parts) {
    mkdirSync(`${part}/${file}`);
    for (const [number, one] of parts.entries())
      await connection.run(`copy (${one}) to '${part}/${file}/${String(number).padStart(5, '0')}.parquet' (format parquet, ${options})`);
  } else {
    await connection.run(`copy (${query}) to '${part}/${file}' (format parquet, ${options})`);
  }

  renameSync(part, whole);
}

// A table, because the function range() itself is read by one thread, and one thread would write one file.
if (sets.some(set => set.needsNumbers))
  await connection.run(`create table numbers as select i from range(${rows}) t(i)`);

for (const set of sets) {
  const started = performance.now();
  await write(set);
  console.error(`  ${set.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

// Makes data sets by DuckDB: make_sets.mjs FOLDER ROWS SET...   (SET: a, snappy, zstd, lz4, dict, nulls)
// Documents and ids are digits of hashes of a row's number, so that every machine makes the same rows.
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync, renameSync, rmSync } from 'node:fs';

const [folder, rowsText, ...sets] = process.argv.slice(2);
const rows = Number(rowsText);
const sampled = 60_000;
const others = 40_000;
const dictionaryEntries = 1_000_000;

const digits = (hash, count) => `lpad((${hash} % ${10 ** count})::varchar, ${count}, '0')`;
const documentOf = number => `'000' || ${digits(`hash(${number} * 7 + 1)`, 11)}`;

const table = (document, from = 'numbers') => `
  select 'ID' || ${digits('hash(i)', 9)} as id, ${document} as documento, (hash(i + 3) % 100000) / 100.0 as valor,
    'nome ' || (hash(i + 5) % 100000)::varchar as nome, timestamp '2025-10-22' + to_seconds(i % 86400) as dt
  from ${from}`;

const punctuated = `'000.' || substr(documento, 4, 3) || '.' || substr(documento, 7, 3) || '.' || substr(documento, 10, 3) || '-' || substr(documento, 13, 2)`;
const withNulls = `
  select id, case when kind < 10 then null when kind < 20 then ${punctuated} when kind < 25 then substr(md5(documento), 1, 14) else documento end as documento,
    valor, nome, dt
  from (select *, hash(documento) % 100 as kind from (${table(documentOf('i'))}))`;

const bySet = {
  snappy: { query: table(documentOf('i')), options: 'compression snappy' },
  zstd: { query: table(documentOf('i')), options: 'compression zstd' },
  lz4: { query: table(documentOf('i')), options: 'compression lz4_raw' },
  nulls: { query: withNulls, options: 'compression snappy' },
  dict: {
    query: table(documentOf(`(hash(i + 11) % ${dictionaryEntries})`)),
    options: 'compression snappy, dictionary_size_limit 700000, string_dictionary_page_size_limit 100000000',
  },
};

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run('set threads = 2');
await connection.run('set preserve_insertion_order = false');

// Written beside its place and then moved there: a set that was interrupted is not taken for a whole one.
async function write(set, file, query, options) {
  const whole = `${folder}/${set}`;
  const part = `${whole}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(`${part}/${file}`.replace(/\/[^/]*$/, ''), { recursive: true });
  await connection.run(`copy (${query}) to '${part}/${file}' (format parquet, ${options})`);
  renameSync(part, whole);
}

// A table, because the function range() itself is read by one thread, and one thread would write one file.
if (sets.some(set => set !== 'a'))
  await connection.run(`create table numbers as select i from range(${rows}) t(i)`);

for (const set of sets) {
  if (set === 'a') {
    const step = Math.max(1, Math.floor(rows / sampled));
    await write('a', 'part-0.parquet', `
      select substr(${documentOf('i')}, 4) as documento from range(0, ${rows}, ${step}) t(i) where i < ${step * sampled}
      union all
      select ${digits('hash(i * 13 + 9)', 11)} from range(${others}) t(i)`, 'compression snappy');
  } else {
    const { query, options } = bySet[set];
    await write(set, 'ano_mes_dia=20251022', query, `row_group_size 1000000, per_thread_output true, ${options}`);
  }
}

// Makes random pairs of tables and what a semi-join of them is, by DuckDB alone.
//
//   node tables.mjs FOLDER SEED COUNT
//
// For each table a folder: *.parquet, keys.json and expected.json. The same seed gives the same tables.
import fs from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [folder, seedText, countText] = process.argv.slice(2);

function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const one = (random, list) => list[Math.floor(random() * list.length)];

// Each takes an expression of an unsigned number, below 2^63, and makes a value of its type.
const idTypes = {
  text: k => `'ID-' || (${k} % 1000000007)`,
  textOfAnyLength: k => `substr(md5((${k})::varchar), 1, (${k} % 33)::int)`,
  textWithAccents: k => `'açãô-' || (${k} % 99991) || '-ñ'`,
  longText: k => `repeat(chr((97 + ${k} % 26)::int), (case when ${k} % 97 = 0 then 30000 else 3 end)::int) || (${k} % 1009)`,
  int16: k => `((${k} % 65536)::int - 32768)::smallint`,
  int32: k => `((${k} % 4294967296)::bigint - 2147483648)::integer`,
  uint32: k => `(${k} % 4294967296)::uinteger`,
  int64: k => `((${k})::hugeint * 2 - 9223372036854775807)::bigint`,
  uint64: k => `((${k})::uhugeint * 2 + 1)::ubigint`,
  decimal9: k => `(((${k} % 200001)::int - 100000) * 0.01::decimal(3,2))::decimal(9,2)`,
  decimal18: k => `(((${k} % 2000000001)::int - 1000000000)::decimal(13,0) * 0.0001::decimal(5,4))::decimal(18,4)`,
  decimal38: k => `((${k})::decimal(25,0) * 0.000037::decimal(7,6) - 7)::decimal(38,6)`,
  uuid: k => `md5((${k})::varchar)::uuid`,
};

const keyTypes = {
  cpf: k => `'000' || lpad((${k} % 100000000000)::varchar, 11, '0')`,
  mixed: k => `case when ${k} % 3 = 0 then 'AB' || (${k} % 1000) when ${k} % 11 = 0 then '' else lpad((${k} % 100000000000000)::varchar, 14, '0') end`,
  short: k => `(${k} % 100000)::varchar`,
  long: k => `lpad((${k})::varchar, 40, 'x')`,
  int64: k => `(${k} % 100000000000)::bigint`,
  int32: k => `(${k} % 2000000000)::integer`,
  int16: k => `((${k} % 40000)::int - 8000)::smallint`,
  negative: k => `((${k} % 200000)::bigint - 100000)::bigint`,
  uint32: k => `(${k} % 4294967296)::uinteger`,
  uint64: k => `((${k})::uhugeint * 2)::ubigint`,
  decimal9: k => `(${k} % 1000000000)::decimal(9,0)`,
  decimal14: k => `(${k} % 100000000000)::decimal(14,0)`,
  decimal38: k => `((${k} % 200000000000)::hugeint - 100000000000)::decimal(38,0)`,
  decimal25: k => `((${k})::hugeint * 1000)::decimal(25,0)`,
};

const isText = { cpf: true, mixed: true, short: true, long: true };

async function makeTable(connection, random, target) {
  const rows = one(random, [0, 1, 7, 2048, 3000, 9999, 20000, 40000, 40000, 300000]);
  const idType = one(random, Object.keys(idTypes));
  const keyType = one(random, Object.keys(keyTypes));
  const number = distinct => `(hash(i % ${distinct}, ${Math.floor(random() * 2 ** 31)}) >> 1)`;
  const orNull = (value, rate) => rate === 0 ? value : `case when hash(i, ${Math.floor(random() * 2 ** 31)}) % 1000 < ${rate} then null else ${value} end`;
  const id = orNull(idTypes[idType](number(one(random, [1, 3, 200, 5000, 1000000]))), one(random, [0, 0, 5, 300, 1000]));
  const documento = orNull(keyTypes[keyType](number(one(random, [1, 50, 3000, 1000000]))), one(random, [0, 5, 500]));
  const columns = [`${id} as id`, `${documento} as documento`, 'i / 3.0::double as other', "{'a': i, 'b': [i]} as nested"];
  columns.sort(() => random() - 0.5);
  await connection.run('drop table if exists b');
  await connection.run(`create table b as select i as row_number, ${columns.join(', ')} from range(${rows}) t(i)`);

  const anyCodec = () => one(random, ['uncompressed', 'snappy', 'snappy', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'lz4_raw', 'brotli']);
  const options = [
    'format parquet', `parquet_version ${one(random, ['v1', 'v2'])}`,
    `row_group_size ${one(random, [2048, 4096, 10240, 122880, 300000])}`,
    `dictionary_size_limit ${one(random, [1, 100, 2000, 100000])}`,
    `string_dictionary_page_size_limit ${one(random, [4096, 1048576])}`,
  ];
  const files = one(random, [1, 1, 2, 3]);

  // The files of a table need not have one codec.
  const codecs = random() < 0.7 ? Array(files).fill(anyCodec()) : Array.from({ length: files }, anyCodec);
  const compressions = codecs.map(codec => codec === 'zstd' ? `compression zstd, compression_level ${one(random, [1, 3, 12])}` : `compression ${codec}`);
  fs.mkdirSync(target, { recursive: true });
  for (let file = 0; file < files; file++) {
    const names = ['id', 'documento', 'other', 'nested'].sort(() => random() - 0.5).join(', ');
    await connection.run(`copy (select ${names} from b where row_number % ${files} = ${file} order by row_number) to '${path.join(target, `${file}.parquet`)}' (${options.join(', ')}, ${compressions[file]})`);
  }

  // Keys as Table A's are once they are padded: digits for numbers, else the very bytes.
  const share = one(random, [1, 3, 10, 100]);
  await connection.run(`create or replace table k as
    select distinct ${isText[keyType] ? 'documento' : "lpad(documento::varchar, greatest(14, length(documento::varchar))::int, '0')"} as key
    from b where documento is not null and hash(documento::varchar, 1) % ${share} = 0
    union select '00012345678901' union select '99999999999999' union select 'ZZ12345678901'`);
  const matches = isText[keyType]
    ? 'documento in (select key from k)'
    : `documento in (select try_cast(key as hugeint) from k where regexp_full_match(key, '[0-9]+'))`;
  const texts = async sql => (await connection.runAndReadAll(sql)).getRows().map(row => row[0]);
  const [counts] = (await connection.runAndReadAll(`select count(*), count(*) filter (where id is null or id::varchar = '') from b where ${matches}`)).getRows();
  const ids = await texts(`select distinct id::varchar from b where ${matches} and id is not null and id::varchar <> ''`);
  ids.sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
  const keys = await texts('select key from k order by key');
  fs.writeFileSync(path.join(target, 'keys.json'), JSON.stringify(keys));
  fs.writeFileSync(path.join(target, 'expected.json'), JSON.stringify({
    what: `${rows} rows in ${files} files, id ${idType}, documento ${keyType}, ${options.slice(1).join(', ')}, ${codecs.join(' and ')}, ${keys.length} keys`,
    matched: Number(counts[0]), dropped: Number(counts[1]), ids,
  }));
}

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run('set threads = 2');
for (let table = 0; table < Number(countText); table++)
  await makeTable(connection, randomOf(Number(seedText) + table), path.join(folder, `${table}`));

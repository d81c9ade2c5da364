// Makes the fuzz target's seeds that DuckDB wrote: node seeds.mjs FOLDER
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2];
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const write = (name, select, options) => connection.run(`copy (${select}) to '${path.join(folder, `${name}.parquet`)}' (format parquet, ${options})`);

// Every type that is read, and some that are refused.
const types = rows => `select
  (i*i*37 - 5000)::int i32, (i*1000003*1000003 - 77)::bigint i64, (i*99991)::uinteger u32, (i*1000000007)::ubigint u64, (i%200 - 100)::tinyint i8, (i%250)::utinyint u8,
  (i*12345 - 99999)::decimal(9,2) d9, (i*1234567890 - 55)::decimal(18,4) d18, (i::hugeint*17014118346046923173168 - 12345)::decimal(38,10) d38, (i*7)::decimal(14,0) d14,
  case when i%5 = 0 then null else ('00000000-0000-4000-8000-' || lpad(i::varchar, 12, '0'))::uuid end u,
  ('\\xFF' || chr(65 + (i%26)::int))::blob b, case i%3 when 0 then '' when 1 then 'áé' || i else null end s,
  date '2020-01-01' + i::int dt, timestamp '2020-01-01' + interval (i) minute ts, i%2 = 0 bo, i / 7.0::double f, [i, i + 1] l, {'a': i, 'b': 'x'} st
  from range(${rows}) t(i)`;
await write('types-v1-snappy', types(300), 'compression snappy, parquet_version v1');
await write('types-v2-zstd', types(300), 'compression zstd, parquet_version v2');
await write('types-v2-uncompressed', types(150), 'compression uncompressed, parquet_version v2');

// More than one dictionary, and pages larger than the window through which PLAIN byte arrays slide.
await write('dictionary-three-groups', "select 'id' || (i%700) id, lpad((i%90)::varchar, 14, '0') documento from range(6000) t(i)", 'compression lz4_raw, row_group_size 2048');
await write('window-snappy-plain', `select case when i%11 = 0 then null else 'ID-' || lpad((i*7)::varchar, 9, '0') end id, '000' || lpad(((i*7919)%5000)::varchar, 11, '0') documento
  from range(9000) t(i)`, 'compression snappy, dictionary_size_limit 1');
await write('window-long-values', `select case when i%9 = 4 then null else repeat(chr((97 + i%26)::int), (case when i%7 = 0 then 90000 when i%5 = 0 then 3000 else 5 end) + i::int) end id, '000' || lpad((i%17)::varchar, 11, '0') documento
  from range(40) t(i)`, 'compression snappy, dictionary_size_limit 1');
await write('window-uncompressed', "select i::int id, case when i%9 = 0 then null else lpad((i%900)::varchar, 14, '0') end documento from range(9000) t(i)",
  'compression uncompressed, dictionary_size_limit 1');

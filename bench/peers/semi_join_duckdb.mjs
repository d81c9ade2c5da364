// The job by DuckDB: semi_join_duckdb.mjs TABLE_A TABLE_B OUT.gz THREADS. Prints JSON: seconds inside the process, and the version.
import { DuckDBInstance } from '@duckdb/node-api';

const [tableA, tableB, out, threads] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`set threads = ${threads}`);
await connection.run('set preserve_insertion_order = false');

// Keys of the type of Table B's documents, which the author of the query knows: found by another
// instance, so that this one remembers nothing of the files.
const other = await (await DuckDBInstance.create(':memory:')).connect();
const [[, type]] = await (await other.run(`describe select documento from read_parquet('${tableB}/**/*.parquet', hive_partitioning = false)`)).getRows();

const started = performance.now();
await connection.run(`
  copy (
    select distinct id from read_parquet('${tableB}/**/*.parquet', hive_partitioning = false)
    where documento in (select ('000' || documento)::${type} from read_parquet('${tableA}/*.parquet'))
  ) to '${out}' (format csv, header false, quote '', compression gzip)`);
const seconds = (performance.now() - started) / 1000;

const version = (await (await connection.run('select version()')).getRows())[0][0];
console.log(JSON.stringify({ inner_s: seconds, version: version.replace(/^v/, '') }));

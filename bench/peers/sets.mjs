// What each data set is made of. Documents and ids are digits of hashes of a row's number, so that
// every machine makes the same rows.
const keysSampled = 60_000;
const keysOthers = 40_000;
const dictionaryEntries = 1_000_000;
const dictionaryIds = 50_000;
const rowsPerFile = 5_000;
const wideColumns = 400;
const wideShare = 25;

const digits = (hash, count) => `lpad((${hash} % ${10 ** count})::varchar, ${count}, '0')`;
const documentHash = number => `hash(${number} * 7 + 1)`;
const documentOf = number => `'000' || ${digits(documentHash(number), 11)}`;
const documentNumber = `(${documentHash('i')} % ${10 ** 11})::bigint`;
const idNumber = '(hash(i) % 1000000000)::bigint';
const idText = hash => `'ID' || ${digits(hash, 9)}`;

const table = (document, from = 'numbers') => `
  select ${idText('hash(i)')} as id, ${document} as documento, (hash(i + 3) % 100000) / 100.0 as valor,
    'nome ' || (hash(i + 5) % 100000)::varchar as nome, timestamp '2025-10-22' + to_seconds(i % 86400) as dt
  from ${from}`;
const two = (id, document) => `select ${id} as id, ${document} as documento from numbers`;

const punctuated = `'000.' || substr(documento, 4, 3) || '.' || substr(documento, 7, 3) || '.' || substr(documento, 10, 3) || '-' || substr(documento, 13, 2)`;
const withNulls = `
  select id, case when kind < 10 then null when kind < 20 then ${punctuated} when kind < 25 then substr(md5(documento), 1, 14) else documento end as documento,
    valor, nome, dt
  from (select *, hash(documento) % 100 as kind from (${table(documentOf('i'))}))`;

const wideTypes = [
  number => `(hash(i + ${number}) % 1000)::integer`,
  number => `(hash(i + ${number}) % 100000)::bigint`,
  number => `(hash(i + ${number}) % 1000) / 10.0::double`,
  number => `'value ' || (hash(i + ${number}) % 100)::varchar`,
];
const wide = rows => `
  select ${idText('hash(i)')} as id, ${Array.from({ length: wideColumns }, (_, number) => `${wideTypes[number % wideTypes.length](number)} as column_${number}`).join(', ')},
    ${documentOf('i')} as documento
  from range(${Math.floor(rows / wideShare)}) t(i)`;

const groups = (size, options = 'compression snappy') => `row_group_size ${size}, per_thread_output true, ${options}`;
const million = options => groups(1_000_000, options);
const dictionaries = 'compression snappy, dictionary_size_limit 700000, string_dictionary_page_size_limit 100000000';

// Table A: CPFs of rows of Table B, spread evenly, and others that no row has.
const keys = (rows, sampled, others) => {
  const step = Math.max(1, Math.floor(rows / sampled));
  return {
    file: 'part-0.parquet',
    query: `
      select substr(${documentOf('i')}, 4) as documento from range(0, ${rows}, ${step}) t(i) where i < ${step * sampled}
      union all
      select ${digits('hash(i * 13 + 9)', 11)} from range(${others}) t(i)`,
    options: 'compression snappy',
  };
};

// Of a million keys 1 row in 30 matches one, of ten million 1 row in 3, whatever the number of rows.
const manyKeys = (rows, count, share) => keys(rows, Math.floor(rows / share), Math.max(0, count - Math.floor(rows / share)));

const bySet = {
  base: () => ({ query: table(documentOf('i')), options: million() }),
  zstd: () => ({ query: table(documentOf('i')), options: million('compression zstd') }),
  lz4: () => ({ query: table(documentOf('i')), options: million('compression lz4_raw') }),
  dict: () => ({ query: table(documentOf(`(hash(i + 11) % ${dictionaryEntries})`)), options: million(dictionaries) }),
  nulls: () => ({ query: withNulls, options: million() }),
  int: () => ({ query: two(idNumber, documentNumber), options: million() }),
  docint: () => ({ query: two(idText('hash(i)'), documentNumber), options: million() }),
  dec: () => ({ query: two(idText('hash(i)'), `${documentNumber}::decimal(14, 0)`), options: million() }),
  idint: () => ({ query: two(idNumber, documentOf('i')), options: million() }),
  uuid: () => ({ query: two('md5(i::varchar)::uuid', documentOf('i')), options: million() }),
  iddict: () => ({ query: two(idText(`hash(hash(i) % ${dictionaryIds})`), documentOf('i')), options: million(dictionaries) }),
  gzip: () => ({ query: two(idText('hash(i)'), documentOf('i')), options: million('compression gzip') }),
  none: () => ({ query: two(idText('hash(i)'), documentOf('i')), options: million('compression uncompressed') }),
  smallrg: () => ({ query: two(idText('hash(i)'), documentOf('i')), options: groups(4_096) }),
  files: rows => ({
    parts: Array.from({ length: Math.ceil(rows / rowsPerFile) }, (_, part) => `${two(idText('hash(i)'), documentOf('i'))} where i >= ${part * rowsPerFile} and i < ${(part + 1) * rowsPerFile}`),
    options: 'compression snappy',
  }),
  wide: rows => ({ query: wide(rows), options: groups(10_000), needsNumbers: false }),
  a: rows => keys(rows, keysSampled, keysOthers),
  'a-1m': rows => manyKeys(rows, 1_000_000, 30),
  'a-10m': rows => manyKeys(rows, 10_000_000, 3),
};

// The query, or one for each file, and the options of a set of some rows.
export function setOf(name, rows) {
  return { file: 'ano_mes_dia=20251022', needsNumbers: !name.startsWith('a'), ...bySet[name](rows) };
}

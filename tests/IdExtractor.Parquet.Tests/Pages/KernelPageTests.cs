using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing;
using IdExtractor.Testing.Kernels;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

public sealed unsafe class KernelPageTests
{
    private const int DeltaLength = 6;
    private const int DeltaBytes = 7;

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void TryBegin_AnyPages_GiveWhatThePlainReaderGives(CompressionCodec codec)
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var chunk = Chunk.OfBytes(
                [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => LockStepCodec.Of(codec).Make(random, random.Next(1, 30_000)))]);
            Assert.True(chunk.Read(byKernel: false).SequenceEqual(chunk.Read(byKernel: true)), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void TryBegin_DamagedPages_FailWhereThePlainReaderFails(CompressionCodec codec)
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var chunk = Chunk.OfBytes([LockStepCodec.Of(codec).Make(random, random.Next(1, 5000))]);
            for (var i = random.Next(1, 4); i > 0; i--)
                chunk.Bytes[random.Next(chunk.FirstBody, chunk.Bytes.Length)] ^= (byte)random.Next(1, 256);
            var plain = Outcome(chunk, byKernel: false);
            var kernel = Outcome(chunk, byKernel: true);
            Assert.True(plain.AsSpan().SequenceEqual(kernel), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy, DeltaLength)]
    [InlineData(CompressionCodec.Snappy, DeltaBytes)]
    [InlineData(CompressionCodec.Lz4Raw, DeltaLength)]
    public void Read_DeltaPagesAgain_AllocatesNothing(CompressionCodec codec, int encoding)
    {
        var chunk = Chunk.OfDeltas(codec, encoding, pages: 20, values: 3000);
        using var reader = new WholePages();
        using var batch = new ColumnBatch();

        Assert.Equal(0, Allocations.LeastOf(() => Allocated(reader, batch, chunk)));
    }

    private static long Allocated(WholePages reader, ColumnBatch batch, Chunk chunk)
    {
        using var source = chunk.Open();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = CountOf(reader, batch, chunk.Context, source);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(60_000, count);
        return allocated;
    }

    private static byte[] Outcome(Chunk chunk, bool byKernel)
    {
        try
        {
            return chunk.Read(byKernel);
        }
        catch (CorruptFileException)
        {
            return [1, 2, 3, 4, 5];
        }
    }

    private static int CountOf(WholePages reader, ColumnBatch batch, ChunkContext context, ChunkSource source)
    {
        var count = 0;
        reader.Open(context, source);
        while (reader.NextPage(byKernel: true))
        {
            while (reader.Read(batch))
                count += batch.ValueCount;
        }

        return count;
    }

    /// <summary>Reads data pages whole, each by the kernel where that can.</summary>
    private sealed class WholePages : IDisposable
    {
        private readonly PageReader _pages = new();
        private readonly PageDecoder _decoder = new();
        private readonly DictionaryPage _noDictionary = new();
        private ChunkContext _context = null!;

        public void Open(ChunkContext context, ChunkSource source)
        {
            _context = context;
            _decoder.Clear();
            _pages.Open(context, source);
        }

        public bool NextPage(bool byKernel)
        {
            _decoder.Clear();
            if (!_pages.MoveNext())
                return false;
            if (byKernel && _decoder.TryBegin(_context, _pages))
            {
                var stream = _decoder.Stream;
                while (!_decoder.IsDecompressed())
                    LockStep.Run(&stream, 1);
            }

            _decoder.Open(_context, _pages);
            return true;
        }

        public bool Read(ColumnBatch batch)
        {
            if (_decoder.RowsLeft == 0)
                return false;
            _decoder.Read(batch, _noDictionary, ColumnBatch.MaxRows);
            return true;
        }

        public void Dispose()
        {
            _pages.Dispose();
            _decoder.Dispose();
            _noDictionary.Dispose();
        }
    }

    /// <summary>A chunk of first-version data pages with required values.</summary>
    private sealed class Chunk
    {
        private readonly List<byte> _bytes = [];
        private long _values;

        public byte[] Bytes { get; private set; } = [];

        /// <summary>Where the body of the first page begins.</summary>
        public int FirstBody { get; private set; }

        public ChunkContext Context { get; private set; } = null!;

        /// <summary>PLAIN values of one byte each: any text is a page of them.</summary>
        public static Chunk OfBytes(StreamText[] pages)
        {
            var chunk = new Chunk();
            foreach (var page in pages)
                chunk.Add(page.Output.Length, page.Output.Length, LockStepCodec.Of(page.Codec).PageOf(page), encoding: 0);
            return chunk.End(pages[0].Codec, PhysicalType.FixedLenByteArray);
        }

        /// <summary>Byte arrays that all have nine bytes and share none.</summary>
        public static Chunk OfDeltas(CompressionCodec codec, int encoding, int pages, int values)
        {
            var chunk = new Chunk();
            byte[] body = [
                .. encoding == DeltaBytes ? Lengths(values, 0) : [], .. Lengths(values, 9),
                .. Enumerable.Range(0, values * 9).Select(number => (byte)(number * 31))
            ];
            for (var page = 0; page < pages; page++)
                chunk.Add(
                    values, body.Length, codec == CompressionCodec.Lz4Raw ? Lz4Page.Compress(body) : SnappyPage.Compress(body), encoding);
            return chunk.End(codec, PhysicalType.ByteArray);
        }

        public MemorySource Open() => new(Bytes);

        public byte[] Read(bool byKernel)
        {
            using var reader = new WholePages();
            using var batch = new ColumnBatch();
            using var source = Open();
            using var read = new MemoryStream();
            reader.Open(Context, source);
            while (reader.NextPage(byKernel))
            {
                while (reader.Read(batch))
                {
                    for (var i = 0; i < batch.ValueCount; i++)
                        read.Write(batch.Value(i));
                }
            }

            return read.ToArray();
        }

        private static IEnumerable<byte> Lengths(int values, int length) =>
        [
            .. Varint(128), .. Varint(4), .. Varint(values), .. Varint(length * 2),
            .. Enumerable.Repeat<byte[]>([0, 0, 0, 0, 0], (values - 1 + 127) / 128).SelectMany(block => block),
        ];

        private static IEnumerable<byte> Varint(int value)
        {
            for (; value >= 0x80; value >>= 7)
                yield return (byte)(value | 0x80);
            yield return (byte)value;
        }

        private void Add(int values, int uncompressed, byte[] body, int encoding)
        {
            var thrift = new ThriftSketch()
                .Field(1, 5)
                .Integer(0)
                .Field(2, 5)
                .Integer(uncompressed)
                .Field(3, 5)
                .Integer(body.Length)
                .Field(5, 12);
            thrift.Struct(
                () => thrift.Field(1, 5).Integer(values).Field(2, 5).Integer(encoding).Field(3, 5).Integer(3).Field(4, 5).Integer(3));
            _bytes.AddRange(thrift.End());
            FirstBody = FirstBody == 0 ? _bytes.Count : FirstBody;
            _bytes.AddRange(body);
            _values += values;
        }

        private Chunk End(CompressionCodec codec, PhysicalType physical)
        {
            Bytes = [.. _bytes];
            var column = new ColumnDescriptor
            {
                Index = 0,
                Path = ["c"],
                Physical = physical,
                TypeLength = physical == PhysicalType.ByteArray ? 0 : 1
            };
            Context = new ChunkContext(
                "memory", 0, new ColumnChunk { Column = column, Codec = codec, ValueCount = _values, Offset = 0, Length = Bytes.Length },
                ParquetLimits.Default);
            return this;
        }
    }

    private sealed class MemorySource(byte[] bytes) : ChunkSource
    {
        private int _position;

        public override int Read(Memory<byte> destination)
        {
            var count = Math.Min(destination.Length, bytes.Length - _position);
            bytes.AsSpan(_position, count).CopyTo(destination.Span);
            _position += count;
            return count;
        }

        public override void Skip(long count) => _position += (int)count;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Recognizes most copies of ids that were added recently, so that ids which repeat take no memory.
/// It forgets an id when another takes its place, and grows while ids repeat and do not fit. It
/// rests while nearly all ids are new, because a lookup then gains nothing.
/// </summary>
/// <param name="maxBytes">Bytes that it may use.</param>
internal sealed class RecentIds(long maxBytes)
{
    private const int FewestPlaces = 1 << 12;
    private const int MostPlaces = 1 << 20;

    /// <summary>Lookups per place before the share of copies is judged.</summary>
    private const int LookupsPerPlace = 4;

    /// <summary>With a smaller share of copies than one in this many, it rests.</summary>
    private const int WorthwhileShare = 16;

    /// <summary>With a larger share of other ids than one in this many, it grows.</summary>
    private const int GrowingShare = 4;

    /// <summary>Ids that it rests for, as a multiple of those that were looked up.</summary>
    private const int RestFactor = 16;

    private readonly int _mostPlaces = 1 << BitOperations.Log2((ulong)Math.Clamp(maxBytes / PackedId.Size, 2, MostPlaces));
    private PackedId[] _places = [];
    private int _shift;
    private int _left;
    private int _copies;
    private bool _isResting;

    /// <summary>Memory in use, in bytes.</summary>
    public long Bytes => (long)_places.Length * PackedId.Size;

    /// <summary>Returns whether this is certainly a copy of an id that was added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsCopy(PackedId id)
    {
        if (--_left < 0)
            Judge();
        if (_isResting)
            return false;
        ref var place = ref _places[(int)(id.Hash >> _shift)];
        if (place == id)
        {
            _copies++;
            return true;
        }

        place = id;
        return false;
    }

    private void Judge()
    {
        if (_places.Length == 0)
        {
            Resize(Math.Min(FewestPlaces, _mostPlaces));
        }
        else if (_isResting)
        {
            // What was added meanwhile is not known; what is known is still true.
            _isResting = false;
        }
        else
        {
            var looked = _places.Length * LookupsPerPlace;
            if (_copies < looked / WorthwhileShare)
                _isResting = true;
            else if (looked - _copies > looked / GrowingShare && _places.Length < _mostPlaces)
                Resize(_places.Length * 4);
        }

        _copies = 0;
        _left = _places.Length * LookupsPerPlace * (_isResting ? RestFactor : 1);
    }

    private void Resize(int places)
    {
        places = Math.Min(places, _mostPlaces);
        _places = new PackedId[places];
        _shift = 64 - BitOperations.Log2((uint)places);

        // No id has a length of 255.
        _places.AsSpan().Fill(new PackedId(0, byte.MaxValue));
    }
}
